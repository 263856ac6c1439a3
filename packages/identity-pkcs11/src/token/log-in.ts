import { createHash } from 'node:crypto';
import { IdentityError } from '@rolesanywhere/signer';
import { CKR, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { Cryptoki } from '../module/cryptoki.js';
import type { TokenMemory } from '../module/token-memory.js';
import { type FoundToken, isFinalTry } from './token-facts.js';

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
  /** Does something with the PIN again, for a key that wants it each time (CKA_ALWAYS_AUTHENTICATE). One at a time. */
  withPin<Result>(send: (pin: string) => Promise<Result>): Promise<Result>;
}

const REFUSED = [CKR.pinIncorrect, CKR.pinInvalid, CKR.pinLenRange];

/**
 * Logs the user in, once per process and token. A PIN that the token refused is never sent again, whoever gives it and
 * however many at the same time, so that a card is not locked by repetition; the token's counter starts anew with a right
 * one, and so does this memory. The last try that a token has is left to a person.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `IDENTITY_UNAVAILABLE` for the last try; CryptokiError for every
 *   other refusal
 */
export async function logIn(init: LogInInit): Promise<LoggedIn> {
  const { cryptoki, session, token, memory, pin } = init;
  if (token.hasKeypad && pin === undefined) return logInByKeypad(init);
  if (pin === undefined) {
    if (token.needsLogin) throw pinRequired(init);
    return { withPin: () => Promise.reject(pinRequired(init)) };
  }
  const print = createHash('sha256').update(pin).digest('base64');
  await memory.inLine(async () => {
    checkPrint(init, print);
    // Read here, since another PIN may have been refused just now.
    if (await isFinalTry(cryptoki, token.slot)) throw finalTry(init);
    await unlessLoggedIn(() => sendPin(init, print, () => cryptoki.login(session, pin)));
  });
  return {
    withPin: (send) =>
      memory.inLine(async () => {
        checkPrint(init, print);
        return sendPin(init, print, () => send(pin));
      }),
  };
}

/**
 * A person types the PIN at the reader, and sees what came of it; so nothing is remembered. The add-on cannot pass a null
 * pointer, which is how a reader is told to ask; modules take an empty PIN for it.
 */
async function logInByKeypad({ cryptoki, session, memory }: LogInInit): Promise<LoggedIn> {
  await memory.inLine(() => unlessLoggedIn(() => cryptoki.login(session, '')));
  return { withPin: (send) => memory.inLine(() => send('')) };
}

/** By someone else in the process. */
async function unlessLoggedIn(logInNow: () => Promise<void>): Promise<void> {
  try {
    await logInNow();
  } catch (error) {
    if (!isCryptokiError(error, [CKR.userAlreadyLoggedIn])) throw error;
  }
}

function checkPrint({ memory, place }: LogInInit, print: string): void {
  if (memory.refusedPins.has(print)) {
    const message = `${place}: the token refused this PIN before, and it is not tried again, so that the token is not locked. Give the right PIN; if the token has this one since, this process must be started anew.`;
    throw new IdentityError({ code: 'PASSPHRASE_WRONG', message });
  }
  if (memory.acceptedPin === undefined || memory.acceptedPin === print) return;
  const message = `${place}: another PIN opened the token in this process, so this one is wrong. Correct it.`;
  throw new IdentityError({ code: 'PASSPHRASE_WRONG', message });
}

/** Without the PIN as an argument, so that no error that comes by can hold it. */
async function sendPin<Result>(
  { memory, place }: LogInInit,
  print: string,
  send: () => Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await send();
  } catch (error) {
    if (!isCryptokiError(error, REFUSED)) throw error;
    memory.refusedPins.add(print);
    if (memory.acceptedPin === print) memory.acceptedPin = undefined;
    const message = `${place}: ${error.message}`;
    throw new IdentityError({ code: 'PASSPHRASE_WRONG', message, cause: error });
  }
  memory.acceptedPin = print;
  memory.refusedPins.clear();
  return result;
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
