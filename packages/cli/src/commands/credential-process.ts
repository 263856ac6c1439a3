import { createSession } from '@rolesanywhere/credential-provider';
import { readCaBundle } from '../ca-bundle.js';
import { credentialFlags } from '../flags.js';
import { identityFromFlags } from '../identity-from-flags.js';
import type { Io } from '../io.js';
import { judgeFlags } from '../judge-flags.js';
import { credentialProcessOutput } from '../output.js';
import { parseFlags } from '../parse-flags.js';
import { progressTo, silence } from '../progress.js';
import { clientConfigFromFlags, sessionInputFromFlags } from '../session-from-flags.js';

/**
 * `rolesanywhere credential-process`: one CreateSession, its credentials on stdout.
 *
 * @throws UsageError, and everything {@link createSession} and the identity throw; nothing is on stdout then
 */
export async function credentialProcess(args: readonly string[], io: Io): Promise<number> {
  const { values, helpWanted } = parseFlags(args, credentialFlags);
  if (helpWanted) {
    const { help } = await import('./help.js');
    return help(['credential-process'], io);
  }
  const flags = judgeFlags(values);
  if (flags['no-verify-ssl'] === true) {
    io.stderr("rolesanywhere: warning: --no-verify-ssl: the endpoint's TLS certificate is not verified\n");
  }
  const progress = flags.debug === true ? progressTo(io) : silence;
  progress.say(
    `certificate file ${flags.certificate}, private key file ${flags['private-key'] ?? 'the same'}`,
  );
  const session = await createSession(sessionInputFromFlags(flags), {
    identity: progress.watch(identityFromFlags(flags)),
    clientConfig: clientConfigFromFlags(flags, await readCaBundle(io.env)),
  });
  progress.describeSession(session);
  io.stdout(credentialProcessOutput(session));
  return 0;
}
