/** The likely cause of a refusal, and what to do about it. */
export interface RefusalAdvice {
  readonly cause: string;
  readonly remedy: string;
}

interface KnownRefusal extends RefusalAdvice {
  /** Part of the service's text, in lower case. The texts are not a contract, so they are matched loosely. */
  readonly text: string;
}

/** Earlier entries win: the more telling texts come first. */
const knownRefusals: readonly KnownRefusal[] = [
  {
    text: 'insufficient certificate',
    cause: 'The certificate breaks the rules for end-entity certificates, or its chain is wrong.',
    remedy:
      'Issue it as X.509 version 3 with basicConstraints=critical,CA:FALSE and keyUsage=critical,digitalSignature, signed with SHA-256 or better.',
  },
  {
    text: 'untrusted signing certificate',
    cause:
      'There is no path from the certificate to the CA of the trust anchor: another CA issued it, or an intermediate is missing.',
    remedy:
      "Give the intermediates as the chain, and compare the certificate's issuer with the trust anchor's CA.",
  },
  {
    text: 'certificate revoked',
    cause: 'The serial number is in a CRL that was imported and is enabled.',
    remedy: 'Issue a new certificate, or update or disable the CRL.',
  },
  {
    text: 'not valid at this time',
    cause: 'The certificate has expired or is not valid yet, or the clock is off.',
    remedy: 'Issue a new certificate, and check the clock.',
  },
  {
    text: 'invalid signature',
    cause:
      'The clock is off, the key does not belong to the certificate, or something on the way changed the request.',
    remedy: 'Check the clock, and whether a proxy rewrites headers or the body.',
  },
  {
    text: "trust anchor wasn't found",
    cause: 'The trust anchor does not exist in this account and region, or was deleted.',
    remedy: 'Check its ARN and region with `aws rolesanywhere list-trust-anchors`.',
  },
  {
    text: 'invalid or empty profile',
    cause: 'The profile does not exist in this account and region, or was deleted.',
    remedy: 'Check its ARN and region with `aws rolesanywhere list-profiles`.',
  },
  {
    text: "isn't one of those listed in the profile",
    cause: 'The role is not attached to the profile.',
    remedy: 'Add the role to the profile, or correct the role ARN.',
  },
  {
    text: 'maxsessionduration',
    cause: "The session would last longer than the role's maximum session duration allows.",
    remedy: "Ask for a shorter durationSeconds, lower the profile's duration, or raise the role's maximum.",
  },
  {
    text: 'unable to assume role',
    cause:
      "The role's trust policy does not let rolesanywhere.amazonaws.com in, or one of its conditions does not match this certificate or trust anchor.",
    remedy:
      'Allow sts:AssumeRole, sts:TagSession and sts:SetSourceIdentity, and compare aws:PrincipalTag and aws:SourceArn conditions with the certificate and the trust anchor.',
  },
  {
    text: 'rolesessionname',
    cause: 'The profile does not accept a role session name.',
    remedy: 'Leave roleSessionName out, or turn on acceptRoleSessionName in the profile.',
  },
  {
    text: 'is disabled',
    cause: 'The trust anchor or the profile is switched off.',
    remedy: 'Enable it with `aws rolesanywhere enable-trust-anchor` or `enable-profile`.',
  },
];

const unknownRefusal: RefusalAdvice = {
  cause: 'The text of the service is not a known one.',
  remedy:
    'Check, in this order: certificate and chain, trust anchor, profile, role, and the trust policy of the role.',
};

/** What usually stands behind a 403 with this text. */
export function adviseOnRefusal(serviceText: string): RefusalAdvice {
  const text = serviceText.toLowerCase();
  return knownRefusals.find((known) => text.includes(known.text)) ?? unknownRefusal;
}

/** True for the one text that a wrong clock gives, among other causes. */
export function isInvalidSignature(serviceText: string): boolean {
  return serviceText.toLowerCase().includes('invalid signature');
}
