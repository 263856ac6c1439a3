import { createHash } from 'node:crypto';
import { IdentityError } from '@rolesanywhere/signer';
import { CKR, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import { type Cryptoki, USER } from '../module/cryptoki.js';
import type { TokenMemory } from '../module/module-registry.js';
import type { FoundToken } from './token-facts.js';

/** What a login needs. */
export interface LogInInit {
  readonly cryptoki: Cryptoki;
  readonly session: Handle;
  readonly token: FoundToken;
  readonly memory: TokenMemory;
  /** Undefined: there is none. */
  readonly pin: string | undefined;
  /** For messages. */
  readonly place: string;
}

/** A login that holds. */
export interface LoggedIn {
  /** The PIN again, in an operation that wants it each time (CKA_ALWAYS_AUTHENTICATE). */
  authenticate(session: Handle): void;
}

const REFUSED = [CKR.pinIncorrect, CKR.pinInvalid, CKR.pinLenRange];

/**
 * Logs the user in, once per process and token. A PIN that the token refused is never sent again, whoever gives it, so that
 * a card is not locked by repetition; the token's counter starts anew with a right one, and so does this memory. The last try
 * that a token has is left to a person.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `IDENTITY_UNAVAILABLE` for the last try; CryptokiError for every
 *   other refusal
 */
export function logIn(init: LogInInit): LoggedIn {
  const { cryptoki, session, token } = init;
  if (init.pin === undefined && !token.hasKeypad) {
    if (token.needsLogin) throw pinRequired(init);
    return { authenticate: () => fail(pinRequired(init)) };
  }
  // The add-on cannot pass a null pointer, which is how a reader with keypad is told to ask; modules take an empty PIN for it.
  const pin = init.pin ?? '';
  const print = createHash('sha256').update(pin).digest('base64');
  checkPrint(init, print);
  if (token.isFinalTry) throw finalTry(init);
  sendPin(init, print, () => cryptoki.login(session, USER.user, pin));
  return {
    authenticate: (busy) => sendPin(init, print, () => cryptoki.login(busy, USER.contextSpecific, pin)),
  };
}

function checkPrint(init: LogInInit, print: string): void {
  const { memory, place } = init;
  if (memory.refusedPins.has(print)) {
    const message = `${place}: the token refused this PIN before, and it is not tried again, so that the token is not locked. Give the right PIN; if the token has this one since, this process must be started anew.`;
    throw new IdentityError({ code: 'PASSPHRASE_WRONG', message });
  }
  if (memory.acceptedPin === undefined || memory.acceptedPin === print) return;
  const message = `${place}: another PIN opened the token in this process, so this one is wrong. Correct it.`;
  throw new IdentityError({ code: 'PASSPHRASE_WRONG', message });
}

/** Without the PIN as an argument, so that no error that comes by can hold it. */
function sendPin({ memory, place }: LogInInit, print: string, send: () => void): void {
  try {
    send();
  } catch (error) {
    if (isCryptokiError(error, [CKR.userAlreadyLoggedIn])) return;
    if (!isCryptokiError(error, REFUSED)) throw error;
    memory.refusedPins.add(print);
    if (memory.acceptedPin === print) memory.acceptedPin = undefined;
    const message = `${place}: ${error.message}`;
    throw new IdentityError({ code: 'PASSPHRASE_WRONG', message, cause: error });
  }
  memory.acceptedPin = print;
  memory.refusedPins.clear();
}

/** A program that is started again and again with a wrong PIN would lock the token all the same. */
function finalTry({ place }: LogInInit): IdentityError {
  const message = `${place}: one wrong PIN more would lock the token, so none is sent. Log in once with the right one: \`pkcs11-tool --login --list-objects\`.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

function pinRequired({ place }: LogInInit): IdentityError {
  const message = `${place}: the token needs a PIN. Give \`pin\`, or \`pin-source\` in the URI.`;
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
}

function fail(error: Error): never {
  throw error;
}
