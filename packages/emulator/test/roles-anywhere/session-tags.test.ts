import { expect, test } from '@jest/globals';
import type { DistinguishedName, GeneralName } from '@rolesanywhere/pki';
import { DEFAULT_ATTRIBUTE_MAPPINGS } from '../../src/roles-anywhere/attribute-mappings.js';
import { sessionTagsOf, unmappedSentence } from '../../src/roles-anywhere/session-tags.js';

const name = (...attributes: readonly (readonly [string, string])[]): DistinguishedName => ({
  der: new Uint8Array(),
  text: attributes.map(([type, value]) => `${type}=${value}`).join(','),
  attributes: attributes.map(([shortName, value]) => ({ oid: '1.2', shortName, value })),
  relativeNames: [],
  normalized: [],
});

const certificate = (subject: DistinguishedName, ...subjectAlternativeName: readonly GeneralName[]) => ({
  subject,
  issuer: name(['C', 'ES'], ['CN', 'Test CA']),
  subjectAlternativeName,
});

test('every attribute of subject and issuer becomes a tag', () => {
  const { tags } = sessionTagsOf(
    certificate(name(['O', 'Example'], ['CN', 'server'])),
    DEFAULT_ATTRIBUTE_MAPPINGS,
  );
  expect(tags).toEqual({
    'x509Subject/O': 'Example',
    'x509Subject/CN': 'server',
    'x509Issuer/C': 'ES',
    'x509Issuer/CN': 'Test CA',
  });
});

test('a repeated attribute is joined with slashes in certificate order', () => {
  const subject = name(['OU', 'Security'], ['OU', 'Engineering'], ['OU', 'Research']);
  const { tags } = sessionTagsOf(certificate(subject), DEFAULT_ATTRIBUTE_MAPPINGS);
  expect(tags['x509Subject/OU']).toBe('Security/Engineering/Research');
});

test('of the alternative names the first of each type becomes a tag', () => {
  const { tags } = sessionTagsOf(
    certificate(
      name(['CN', 'a']),
      { type: 'dns', value: 'one.example' },
      { type: 'dns', value: 'two.example' },
      { type: 'uri', value: 'spiffe://example/one' },
      { type: 'email', value: 'a@example' },
      { type: 'directoryName', value: 'CN=inner', name: name(['CN', 'inner']) },
    ),
    DEFAULT_ATTRIBUTE_MAPPINGS,
  );
  expect(Object.keys(tags).filter((key) => key.startsWith('x509SAN'))).toEqual([
    'x509SAN/DNS',
    'x509SAN/URI',
    'x509SAN/Name/CN',
  ]);
  expect(tags['x509SAN/DNS']).toBe('one.example');
});

test.each(['server (1)', 'a,b', 'a*b', "o'clock", 'a&b', 'x'.repeat(257)])(
  'the value %s is left out and reported',
  (value) => {
    const { tags, unmapped } = sessionTagsOf(certificate(name(['CN', value])), DEFAULT_ATTRIBUTE_MAPPINGS);
    expect(tags).not.toHaveProperty('x509Subject/CN');
    expect(unmapped).toEqual([{ field: 'x509Subject', specifier: 'CN', value }]);
  },
);

test('letters of any script and spaces may stand in a tag', () => {
  const { tags } = sessionTagsOf(certificate(name(['CN', 'Grüße Ωmega'])), DEFAULT_ATTRIBUTE_MAPPINGS);
  expect(tags['x509Subject/CN']).toBe('Grüße Ωmega');
});

test('the sentence about unmapped attributes has the form of the service', () => {
  const { unmapped } = sessionTagsOf(
    certificate(
      name(['CN', 'a']),
      { type: 'dns', value: 'one.example' },
      { type: 'dns', value: '*.example' },
    ),
    DEFAULT_ATTRIBUTE_MAPPINGS,
  );
  expect(unmappedSentence(unmapped)).toBe(
    ' Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [  ]; SAN: [ DNS/2 ]',
  );
  expect(unmappedSentence([])).toBe('');
});

test('an attribute whose mapping was removed becomes no tag', () => {
  const { tags } = sessionTagsOf(
    certificate(name(['CN', 'a'], ['OU', 'b']), { type: 'dns', value: 'one.example' }),
    { x509Subject: ['CN'] },
  );
  expect(tags).toEqual({ 'x509Subject/CN': 'a' });
});

test.each(['Name', 'Name/', 'Name/*'])(
  'the specifier %s means every attribute of a directory name',
  (rule) => {
    const san: GeneralName = { type: 'directoryName', value: '', name: name(['CN', 'inner'], ['O', 'x']) };
    const { tags } = sessionTagsOf(certificate(name(['CN', 'a']), san), { x509SAN: [rule] });
    expect(tags).toEqual({ 'x509SAN/Name/CN': 'inner', 'x509SAN/Name/O': 'x' });
  },
);
