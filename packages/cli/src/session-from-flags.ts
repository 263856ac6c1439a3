import type { ClientConfig, CreateSessionInput } from '@rolesanywhere/credential-provider';
import type { UsableFlags } from './judge-flags.js';

/** What CreateSession is asked for. What is not given is not sent, so that the profile decides. */
export function sessionInputFromFlags(flags: UsableFlags): CreateSessionInput {
  return {
    trustAnchorArn: flags['trust-anchor-arn'],
    profileArn: flags['profile-arn'],
    roleArn: flags['role-arn'],
    durationSeconds: flags['session-duration'],
    // An empty name is no name, as with aws_signing_helper.
    roleSessionName: flags['role-session-name'] || undefined,
  };
}

/**
 * How CreateSession is called. Proxies are the transport's business, with or without `--with-proxy`.
 * @param ca - certificates of CAs, PEM, to trust instead of Node's own
 */
export function clientConfigFromFlags(flags: UsableFlags, ca: string | undefined): ClientConfig {
  const lenient = flags['no-verify-ssl'] === true;
  const trust = { ...(ca !== undefined && { ca }), ...(lenient && { rejectUnauthorized: false }) };
  return {
    region: flags.region || undefined,
    endpoint: flags.endpoint || undefined,
    requestHandler: { httpsAgent: trust },
  };
}
