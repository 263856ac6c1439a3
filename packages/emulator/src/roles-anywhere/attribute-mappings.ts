import { ControlPlaneError } from '../errors.js';

/** Fields of a certificate that a profile can map into session tags. */
const CERTIFICATE_FIELDS = ['x509Subject', 'x509Issuer', 'x509SAN'] as const;
/** One of the three fields that can be mapped. */
export type CertificateField = (typeof CERTIFICATE_FIELDS)[number];

/**
 * Attribute mappings of a profile: for each certificate field the specifiers that become session tags.
 * A field left out maps nothing. Specifiers: `*` or an attribute's short name (`CN`, `OU`, …) for subject and issuer;
 * `DNS`, `URI`, `Name`, `Name/*` or `Name/CN` for `x509SAN`. At most 60 characters each.
 *
 * @see AWS IAM Roles Anywhere User Guide, "Attribute mapping"
 */
export type AttributeMappings = Readonly<Partial<Record<CertificateField, readonly string[]>>>;

/** What a profile maps unless told otherwise: everything. */
export const DEFAULT_ATTRIBUTE_MAPPINGS: Required<AttributeMappings> = {
  x509Issuer: ['*'],
  x509SAN: ['DNS', 'URI', 'Name/*'],
  x509Subject: ['*'],
};

/**
 * Whether the mappings turn this attribute into a session tag.
 *
 * @param field certificate field
 * @param specifier `CN`, `DNS`, `Name/CN`, …
 */
export function isMapped(mappings: AttributeMappings, field: CertificateField, specifier: string): boolean {
  return (mappings[field] ?? []).some((rule) => {
    const normal = NAME_RULE.test(rule) ? 'Name/*' : rule;
    if (normal === '*' || normal === specifier) return true;
    return normal === 'Name/*' && specifier.startsWith('Name/');
  });
}

/** @throws ControlPlaneError `ValidationException` for a field or specifier that the service does not know */
export function assertAttributeMappings(mappings: AttributeMappings): void {
  for (const [field, rules] of Object.entries(mappings)) {
    if (!CERTIFICATE_FIELDS.some((known) => known === field)) {
      throw new ControlPlaneError(
        'ValidationException',
        `Unknown certificate field '${field}' in attribute mappings`,
      );
    }
    for (const rule of rules) {
      if (rule.length < 1 || rule.length > 60 || (field === 'x509SAN' && !SAN_RULE.test(rule))) {
        throw new ControlPlaneError('ValidationException', `Invalid specifier '${rule}' for ${field}`);
      }
    }
  }
}

const NAME_RULE = /^Name(\/\*?)?$/;
const SAN_RULE = /^(DNS|URI|Name(\/.*)?)$/;
