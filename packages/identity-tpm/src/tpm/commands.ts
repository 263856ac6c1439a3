import type { TpmCommand } from './command.js';
import { ALGORITHM, PERMANENT, TAG } from './constants.js';
import type { TpmReader } from './reader.js';
import { sized, u16, u32 } from './writer.js';

/** What most commands have in common: no handle, no authorization, no handle in the answer. */
const PLAIN = { handles: [], passwords: [], answersHandle: false } as const;

/** The public area of a loaded object and its name, in hexadecimal. */
export interface PublicAnswer {
  readonly publicArea: Uint8Array;
  readonly name: string;
}

/** A transient object that was loaded, and its name, in hexadecimal. */
export interface LoadedObject {
  readonly handle: number;
  readonly name: string;
}

/** @see TPM 2.0 Library Part 3 §12.4 */
export function readPublic(handle: number): TpmCommand<PublicAnswer> {
  return {
    ...PLAIN,
    name: 'TPM2_ReadPublic',
    code: 0x173,
    handles: [handle],
    parameters: Buffer.alloc(0),
    parse(reader) {
      const publicArea = reader.sized();
      const name = hex(reader.sized());
      reader.sized();
      return { publicArea, name };
    },
  };
}

/** A primary key without a password. @see TPM 2.0 Library Part 3 §24.1 */
export function createPrimary(
  hierarchy: number,
  password: Uint8Array,
  template: Uint8Array,
): TpmCommand<LoadedObject> {
  const noSensitiveData = sized(sized(), sized());
  return {
    name: 'TPM2_CreatePrimary',
    code: 0x131,
    handles: [hierarchy],
    passwords: [password],
    parameters: Buffer.concat([noSensitiveData, sized(template), sized(), u32(0)]),
    answersHandle: true,
    isSlow: true,
    parse(reader, handle) {
      skipCreationReport(reader);
      return { handle, name: hex(reader.sized()) };
    },
  };
}

/** The two parts of a key as its file has them, without their sizes. */
export interface WrappedKey {
  readonly publicArea: Uint8Array;
  readonly privateArea: Uint8Array;
}

/** @see TPM 2.0 Library Part 3 §12.2 */
export function load(parent: number, password: Uint8Array, key: WrappedKey): TpmCommand<LoadedObject> {
  return {
    name: 'TPM2_Load',
    code: 0x157,
    handles: [parent],
    passwords: [password],
    parameters: Buffer.concat([sized(key.privateArea), sized(key.publicArea)]),
    answersHandle: true,
    parse: (reader, handle) => ({ handle, name: hex(reader.sized()) }),
  };
}

/** A key that was encrypted for its parent outside of a TPM, and the secret for that. */
export interface DuplicateKey extends WrappedKey {
  /** What a `TPM2B_ENCRYPTED_SECRET` holds. */
  readonly secret: Uint8Array;
}

/** Makes the private part that {@link load} takes; without an inner wrapper. @see TPM 2.0 Library Part 3 §13.3 */
export function importKey(
  parent: number,
  password: Uint8Array,
  { publicArea, privateArea, secret }: DuplicateKey,
): TpmCommand<Uint8Array> {
  const noWrapper = [sized(), sized(publicArea), sized(privateArea), sized(secret), u16(ALGORITHM.null)];
  return {
    ...PLAIN,
    name: 'TPM2_Import',
    code: 0x156,
    handles: [parent],
    passwords: [password],
    parameters: Buffer.concat(noWrapper),
    parse: (reader) => reader.sized(),
  };
}

/** A digest, and the scheme and hash to sign it with. */
export interface SignInput {
  readonly digest: Uint8Array;
  readonly scheme: number;
  readonly hash: number;
}

/** `TPMT_SIGNATURE`, unread. The digest was made here, so that its ticket is empty. @see TPM 2.0 Library Part 3 §20.2 */
export function sign(handle: number, password: Uint8Array, input: SignInput): TpmCommand<Uint8Array> {
  const noTicket = [u16(TAG.hashCheck), u32(PERMANENT.null), sized()];
  return {
    ...PLAIN,
    name: 'TPM2_Sign',
    code: 0x15d,
    handles: [handle],
    passwords: [password],
    parameters: Buffer.concat([sized(input.digest), u16(input.scheme), u16(input.hash), ...noTicket]),
    parse: (reader) => reader.rest(),
  };
}

/** @see TPM 2.0 Library Part 3 §28.4 */
export function flushContext(handle: number): TpmCommand<void> {
  return { ...PLAIN, name: 'TPM2_FlushContext', code: 0x165, parameters: u32(handle), parse: nothing };
}

/** A loaded object as bytes that only this TPM can read, until it is reset. @see TPM 2.0 Library Part 3 §28.2 */
export function contextSave(handle: number): TpmCommand<Uint8Array> {
  return {
    ...PLAIN,
    name: 'TPM2_ContextSave',
    code: 0x162,
    handles: [handle],
    parameters: Buffer.alloc(0),
    parse: (reader) => reader.rest(),
  };
}

/** Loads what {@link contextSave} saved; answers its handle. @see TPM 2.0 Library Part 3 §28.3 */
export function contextLoad(context: Uint8Array): TpmCommand<number> {
  return {
    ...PLAIN,
    name: 'TPM2_ContextLoad',
    code: 0x161,
    parameters: context,
    answersHandle: true,
    parse: (_reader, handle) => handle,
  };
}

function nothing(): void {
  // The answer has no parameters.
}

/** Public area, creation data, creation hash, and a ticket: tag, hierarchy, digest. */
function skipCreationReport(reader: TpmReader): void {
  for (let part = 0; part < 3; part += 1) reader.sized();
  reader.bytes(6);
  reader.sized();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
