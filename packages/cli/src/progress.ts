import type { Session, X509IdentityProvider } from '@rolesanywhere/credential-provider';
import type { Io } from './io.js';

/** What `--debug` prints: one line per step, of facts that are no secrets. */
export interface Progress {
  readonly say: (line: string) => void;
  /** The same provider; each identity that it gives is described. */
  watch(identity: X509IdentityProvider): X509IdentityProvider;
  describeSession(session: Session): void;
}

/** Progress lines on stderr. */
export function progressTo(io: Io): Progress {
  const say = (line: string): void => io.stderr(`rolesanywhere: debug: ${line}\n`);
  return {
    say,
    watch: (provider) => async () => {
      const identity = await provider();
      const { subject, serialNumber, notAfter, keyAlgorithm } = identity.certificate;
      say(
        `certificate ${subject}, serial number 0x${serialNumber.toString(16)}, ${keyAlgorithm}, until ${notAfter.toISOString()}`,
      );
      say(`chain of ${identity.chain.length}, signing with ${identity.key.algorithm}`);
      return identity;
    },
    describeSession: ({ assumedRoleArn, credentials, $metadata }) => {
      const { httpStatusCode = 0, requestId = 'none', attempts = 1 } = $metadata;
      say(`CreateSession answered ${httpStatusCode}, request id ${requestId}, attempts ${attempts}`);
      say(`session ${assumedRoleArn} until ${credentials.expiration.toISOString()}`);
    },
  };
}

/** No progress lines. */
export const silence: Progress = {
  say: () => undefined,
  watch: (provider) => provider,
  describeSession: () => undefined,
};
