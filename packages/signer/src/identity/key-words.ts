import type { PassphraseWords } from './passphrase.js';

/** Of the passphrase of an encrypted private key. */
export const KEY_WORDS: PassphraseWords = { option: 'passphrase', need: 'The private key is encrypted' };
