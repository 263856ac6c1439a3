import { createHash } from 'node:crypto';
import { IdentityError, type SigningKey } from '@rolesanywhere/signer';
import type { Tpm, TpmDevice } from '../device/tpm-device.js';
import { sign } from '../tpm/commands.js';
import { ATTRIBUTE, DIGEST_OCTETS } from '../tpm/constants.js';
import { type PublicArea, nameOf } from '../tpm/public-area.js';
import { isRefusal, malformed } from '../tpm/tpm-error.js';
import { guardFirstTry, passwordRequired } from './dictionary-guard.js';
import { type KeyLabels, asIdentityError, asSigningError } from './explain.js';
import { type SigningPlan, digestFor } from './judge-key.js';
import type { KeyLocation } from './key-location.js';
import { MAXIMUM_PASSWORD_OCTETS, type Password } from './password.js';
import { readSignature } from './signature.js';
import { type SignatureBatches, createSignatureBatches } from './signature-batches.js';

/** A key in a TPM that signs. */
export interface TpmKey extends SigningKey {
  /** Makes a signature that nobody uses: so a wrong password is found when the identity is read. @throws IdentityError */
  prove(): Promise<void>;
}

/** What a key is made of. */
export interface TpmKeyInit {
  readonly device: TpmDevice;
  readonly location: KeyLocation;
  readonly publicArea: PublicArea;
  readonly plan: SigningPlan;
  readonly password: Password;
  /** Names, in hexadecimal, of keys whose password was right once. */
  readonly proven: Set<string>;
  /** What its file says about a password; undefined for nothing, and for persistent keys. */
  readonly saysPassword: 'yes' | 'no' | 'unsure' | undefined;
  readonly labels: KeyLabels;
  readonly clock: () => Date;
  /** Throws once the source of the identity is closed. */
  readonly checkOpen: () => void;
}

/** Signed to see whether the key answers; not a text that anything would take for a request. */
const PROOF = 'The key answers.';

/** A password, or the empty one that stands for none. */
interface Authorization {
  readonly bytes: Uint8Array;
  readonly wasGiven: boolean;
}

/** Puts a key together; the TPM is not asked yet. */
export function createTpmKey(init: TpmKeyInit): TpmKey {
  const { plan, labels } = init;
  const batches = batchesOf(init);
  const signText = (message: Uint8Array | string): Promise<Uint8Array> =>
    batches.sign(digestFor(plan, createHash('sha256').update(message).digest()));
  return {
    algorithm: plan.algorithm,
    publicKey: plan.publicKey,
    async sign(message) {
      try {
        init.checkOpen();
        return await signText(message);
      } catch (error) {
        throw asSigningError(error, labels);
      }
    },
    async prove() {
      try {
        await signText(PROOF);
      } catch (error) {
        throw asIdentityError(error, labels);
      }
    },
  };
}

/** The key, its password and its signatures. */
function batchesOf(init: TpmKeyInit): SignatureBatches {
  const { device, location, password, proven, labels, plan } = init;
  const name = nameOf(init.publicArea);
  const subject = `the key ${labels.key}`;

  async function authorise(): Promise<Authorization> {
    init.checkOpen();
    const answer = await password.ask(name);
    if (answer === undefined && init.saysPassword === 'yes') throw passwordRequired(subject);
    const most = Math.min(DIGEST_OCTETS[init.publicArea.nameAlgorithm] ?? 0, MAXIMUM_PASSWORD_OCTETS);
    if (answer === undefined) return { bytes: new Uint8Array(0), wasGiven: false };
    if (answer.length <= most) return { bytes: answer, wasGiven: true };
    const message = `The password for the key ${labels.key} has ${answer.length} octets; the key can have one of ${most} at most. Correct \`password\`.`;
    throw new IdentityError({ code: 'PASSPHRASE_WRONG', message });
  }

  async function guard(tpm: Tpm, hasPassword: boolean): Promise<void> {
    const isCounted = (init.publicArea.attributes & ATTRIBUTE.noDictionaryAttackProtection) === 0;
    if (proven.has(name) || !isCounted) return;
    const saysPassword = init.saysPassword === 'unsure';
    await guardFirstTry(tpm, { device: labels.device, subject, hasPassword, saysPassword });
  }

  async function signOne(
    tpm: Tpm,
    input: { handle: number; auth: Authorization; digest: Uint8Array },
  ): Promise<Uint8Array> {
    const { scheme, hash, octets } = plan;
    const bytes = await tpm
      .execute(sign(input.handle, input.auth.bytes, { digest: input.digest, scheme, hash }))
      .catch((error: unknown) => {
        if (!isRefusal(error, 'TPM_RC_AUTH_FAIL', 'TPM_RC_BAD_AUTH')) throw error;
        password.refuse(name);
        throw wrongPassword(init, input.auth.wasGiven, error);
      });
    proven.add(name);
    return readOrRefuse(bytes, scheme, octets);
  }

  return createSignatureBatches({
    clock: init.clock,
    mayTryAgain: () => proven.has(name),
    async withSigner(work) {
      const auth = await authorise();
      await location.prepare();
      await device.use(async (tpm) => {
        init.checkOpen();
        await guard(tpm, auth.wasGiven);
        await location.withKey(tpm, (handle) => work((digest) => signOne(tpm, { handle, auth, digest })));
      });
    },
  });
}

function readOrRefuse(bytes: Uint8Array, scheme: number, octets: number): Uint8Array {
  try {
    return readSignature(bytes, scheme, octets);
  } catch (error) {
    throw malformed('it answered with something that is no signature of the key', error);
  }
}

function wrongPassword(
  { labels, saysPassword }: TpmKeyInit,
  wasGiven: boolean,
  cause: unknown,
): IdentityError {
  if (!wasGiven) return passwordRequired(`the key ${labels.key}`);
  const hint = saysPassword === 'no' ? ' The key file says that the key has none: leave it out.' : '';
  const message = `The TPM at ${labels.device} refused the password of the key ${labels.key}. Correct \`password\`; it is not tried again, since wrong ones lead to the dictionary lockout.${hint}`;
  return new IdentityError({ code: 'PASSPHRASE_WRONG', message, cause });
}
