import { endianness } from 'node:os';
import { CKR, CryptokiError, isCryptokiError } from '../errors/cryptoki-error.js';
import type { AddonModule, Handle, TemplateAttribute } from './addon.js';

/** Who logs in (CK_USER_TYPE). */
export const USER = { user: 1, contextSpecific: 2 } as const;

/** What a signature is made of. */
export interface SignatureRequest {
  readonly session: Handle;
  readonly key: Handle;
  readonly mechanism: number;
  readonly data: Uint8Array;
  /** Called between C_SignInit and C_Sign, for a key that wants the PIN for each signature. */
  readonly authenticate?: (() => void) | undefined;
}

/** The functions of a module that are used; every failure is a CryptokiError. */
export interface Cryptoki {
  info(): ReturnType<AddonModule['C_GetInfo']>;
  slotsWithToken(): readonly Handle[];
  slotInfo(slot: Handle): ReturnType<AddonModule['C_GetSlotInfo']>;
  tokenInfo(slot: Handle): ReturnType<AddonModule['C_GetTokenInfo']>;
  mechanisms(slot: Handle): readonly number[];
  openSession(slot: Handle): Handle;
  closeSession(session: Handle): void;
  login(session: Handle, user: number, pin: string): void;
  logout(session: Handle): void;
  /** At most {@link MAXIMUM_OBJECTS}. */
  find(session: Handle, template: readonly TemplateAttribute[]): readonly Handle[];
  /** Undefined when the object does not have the attribute, or does not show it. */
  attribute(session: Handle, object: Handle, type: number): Uint8Array | undefined;
  /** In the thread pool. */
  sign(request: SignatureRequest): Promise<Uint8Array>;
}

/** More objects than any token for identities holds; a module that finds no end is stopped. */
const MAXIMUM_OBJECTS = 4096;
const OBJECTS_AT_ONCE = 64;
/** CKF_SERIAL_SESSION: read-only otherwise. */
const SERIAL_SESSION = 4;
/** Longer than the signature of any RSA key. */
const MAXIMUM_SIGNATURE_BYTES = 2048;

/** A module by its add-on. */
export function createCryptoki(addon: AddonModule): Cryptoki {
  return {
    info: () => callModule('C_GetInfo', () => addon.C_GetInfo()),
    slotsWithToken: () => callModule('C_GetSlotList', () => addon.C_GetSlotList(true)),
    slotInfo: (slot) => callModule('C_GetSlotInfo', () => addon.C_GetSlotInfo(slot)),
    tokenInfo: (slot) => callModule('C_GetTokenInfo', () => addon.C_GetTokenInfo(slot)),
    mechanisms: (slot) => callModule('C_GetMechanismList', () => addon.C_GetMechanismList(slot)),
    openSession: (slot) => callModule('C_OpenSession', () => addon.C_OpenSession(slot, SERIAL_SESSION)),
    closeSession: (session) => callModule('C_CloseSession', () => addon.C_CloseSession(session)),
    login: (session, user, pin) => callModule('C_Login', () => addon.C_Login(session, user, pin)),
    logout: (session) => callModule('C_Logout', () => addon.C_Logout(session)),
    find: (session, template) => find(addon, session, template),
    attribute: (session, object, type) => attribute(addon, { session, object, type }),
    sign: (request) => sign(addon, request),
  };
}

/** Names the failure of a call. What the add-on itself refuses (no number) is a general error of the module. */
export function callModule<Result>(name: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw cryptokiErrorOf(name, error);
  }
}

/** The number that a CK_ULONG in the byte order of the machine is. */
export function numberOf(handle: Uint8Array): bigint {
  const octets = endianness() === 'LE' ? handle.toReversed() : handle;
  return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function cryptokiErrorOf(name: string, error: unknown): CryptokiError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return new CryptokiError(name, typeof code === 'number' && code > 0 ? code : CKR.generalError);
}

function find(addon: AddonModule, session: Handle, template: readonly TemplateAttribute[]): Handle[] {
  callModule('C_FindObjectsInit', () => addon.C_FindObjectsInit(session, [...template]));
  const found: Handle[] = [];
  try {
    for (;;) {
      const some = callModule('C_FindObjects', () => addon.C_FindObjects(session, OBJECTS_AT_ONCE));
      found.push(...some);
      if (some.length === 0 || found.length >= MAXIMUM_OBJECTS) return found.slice(0, MAXIMUM_OBJECTS);
    }
  } finally {
    callModule('C_FindObjectsFinal', () => addon.C_FindObjectsFinal(session));
  }
}

function attribute(
  addon: AddonModule,
  { session, object, type }: { readonly session: Handle; readonly object: Handle; readonly type: number },
): Uint8Array | undefined {
  try {
    const [found] = callModule('C_GetAttributeValue', () =>
      addon.C_GetAttributeValue(session, object, [{ type }]),
    );
    return found?.value;
  } catch (error) {
    if (isCryptokiError(error, [CKR.attributeTypeInvalid, CKR.attributeSensitive])) return undefined;
    throw error;
  }
}

async function sign(addon: AddonModule, request: SignatureRequest): Promise<Uint8Array> {
  const { session, key, mechanism, authenticate } = request;
  callModule('C_SignInit', () => addon.C_SignInit(session, { mechanism }, key));
  authenticate?.();
  // The add-on keeps a bare pointer to the input while a thread reads it, so this copy must live until then. One octet more
  // than needed: modules refuse the null pointer that an empty buffer has.
  const input = Buffer.alloc(request.data.length + 1).subarray(0, request.data.length);
  input.set(request.data);
  const output = Buffer.alloc(MAXIMUM_SIGNATURE_BYTES);
  try {
    return Uint8Array.from(await addon.C_SignAsync(session, input, output));
  } catch (error) {
    throw cryptokiErrorOf('C_Sign', error);
  } finally {
    input.fill(0);
  }
}
