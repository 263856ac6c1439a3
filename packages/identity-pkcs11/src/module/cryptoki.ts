import { endianness } from 'node:os';
import { CKR, isCryptokiError } from '../errors/cryptoki-error.js';
import type { AddonThread } from './addon-thread.js';
import type { AddonCall, AddonModule, AnyAddonCall, Handle, TemplateAttribute } from './addon.js';

/** What a signature is made of. */
export interface SignatureRequest {
  readonly session: Handle;
  readonly key: Handle;
  readonly mechanism: number;
  readonly data: Uint8Array;
  /** Sent between C_SignInit and C_Sign, for a key that wants the PIN for each signature. */
  readonly pin?: string | undefined;
}

/** The functions of a module that are used; every failure is a CryptokiError. None of them holds the event loop. */
export interface Cryptoki {
  /**
   * To be called from several threads.
   *
   * @param parameters - what some modules want to be told at their start
   */
  initialize(parameters: string | undefined): Promise<void>;
  finalize(): Promise<void>;
  info(): Promise<ReturnType<AddonModule['C_GetInfo']>>;
  slotsWithToken(): Promise<readonly Handle[]>;
  slotInfo(slot: Handle): Promise<ReturnType<AddonModule['C_GetSlotInfo']>>;
  tokenInfo(slot: Handle): Promise<ReturnType<AddonModule['C_GetTokenInfo']>>;
  mechanisms(slot: Handle): Promise<readonly number[]>;
  openSession(slot: Handle): Promise<Handle>;
  closeSession(session: Handle): Promise<void>;
  login(session: Handle, pin: string): Promise<void>;
  logout(session: Handle): Promise<void>;
  /** At most {@link MAXIMUM_OBJECTS}. */
  find(session: Handle, template: readonly TemplateAttribute[]): Promise<readonly Handle[]>;
  /** Undefined when the object does not have the attribute, or does not show it. */
  attribute(session: Handle, object: Handle, type: number): Promise<Uint8Array | undefined>;
  sign(request: SignatureRequest): Promise<Uint8Array>;
}

/** More objects than any token for identities holds; a module that finds no end is stopped. */
const MAXIMUM_OBJECTS = 4096;
const OBJECTS_AT_ONCE = 64;
/** CKF_OS_LOCKING_OK. */
const OS_LOCKING_OK = 2;
/** CKF_SERIAL_SESSION: read-only otherwise. */
const SERIAL_SESSION = 4;
/** Who logs in (CK_USER_TYPE). */
const USER = { user: 1, contextSpecific: 2 } as const;
/** Longer than the signature of any RSA key. */
const MAXIMUM_SIGNATURE_BYTES = 2048;

type Run = AddonThread['run'];

/** A module in a thread. */
export function createCryptoki({ run }: Pick<AddonThread, 'run'>): Cryptoki {
  return {
    initialize: (parameters) =>
      run([
        'C_Initialize',
        // The add-on leaves out the last character.
        {
          flags: OS_LOCKING_OK,
          ...(parameters === undefined ? {} : { libraryParameters: `${parameters} ` }),
        },
      ]),
    finalize: () => run(['C_Finalize']),
    info: () => run(['C_GetInfo']),
    slotsWithToken: () => run(['C_GetSlotList', true]),
    slotInfo: (slot) => run(['C_GetSlotInfo', slot]),
    tokenInfo: (slot) => run(['C_GetTokenInfo', slot]),
    mechanisms: (slot) => run(['C_GetMechanismList', slot]),
    openSession: (slot) => run(['C_OpenSession', slot, SERIAL_SESSION]),
    closeSession: (session) => run(['C_CloseSession', session]),
    login: (session, pin) => run(['C_Login', session, USER.user, pin]),
    logout: (session) => run(['C_Logout', session]),
    find: (session, template) => find(run, session, template),
    attribute: (session, object, type) => attribute(run, { session, object, type }),
    sign: (request) => sign(run, request),
  };
}

/** The number that a CK_ULONG in the byte order of the machine is. */
export function numberOf(handle: Uint8Array): bigint {
  const octets = endianness() === 'LE' ? handle.toReversed() : handle;
  return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

async function find(
  run: Run,
  session: Handle,
  template: readonly TemplateAttribute[],
): Promise<readonly Handle[]> {
  await run(['C_FindObjectsInit', session, template]);
  const found: Handle[] = [];
  try {
    for (;;) {
      const some = await run(['C_FindObjects', session, OBJECTS_AT_ONCE]);
      found.push(...some);
      if (some.length === 0 || found.length >= MAXIMUM_OBJECTS) return found.slice(0, MAXIMUM_OBJECTS);
    }
  } finally {
    await run(['C_FindObjectsFinal', session]);
  }
}

async function attribute(
  run: Run,
  { session, object, type }: { readonly session: Handle; readonly object: Handle; readonly type: number },
): Promise<Uint8Array | undefined> {
  try {
    const [found] = await run(['C_GetAttributeValue', session, object, [{ type }]]);
    return found?.value;
  } catch (error) {
    if (isCryptokiError(error, [CKR.attributeTypeInvalid, CKR.attributeSensitive])) return undefined;
    throw error;
  }
}

/** C_Sign runs in the thread pool, so that several sessions sign at the same time. */
async function sign(run: Run, request: SignatureRequest): Promise<Uint8Array> {
  const { session, key, mechanism, pin, data } = request;
  // One octet more than needed: modules refuse the null pointer that an empty buffer has.
  const input = new Uint8Array(data.length + 1).subarray(0, data.length);
  input.set(data);
  const before: readonly AnyAddonCall[] = [
    ['C_SignInit', session, { mechanism }, key],
    ...(pin === undefined ? [] : [['C_Login', session, USER.contextSpecific, pin] as const]),
  ];
  const call: AddonCall<'C_SignAsync'> = [
    'C_SignAsync',
    session,
    input,
    new Uint8Array(MAXIMUM_SIGNATURE_BYTES),
  ];
  // Without the rest of the buffer that it stands in.
  return Uint8Array.from(await run(call, before));
}
