import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';

const FOLDER = fileURLToPath(new URL('../../../vectors/', import.meta.url));
const FILES = ['helper', 'published'].flatMap((folder) =>
  readdirSync(`${FOLDER}${folder}`).map((file) => `${folder}/${file}`),
);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = Record<string, Json>;

/** A JSON file of the vectors; each holds one object. */
function readJson(file: string): JsonObject {
  return JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as JsonObject;
}

const schema = readJson('schema.json');
// Strict: a keyword that does not exist, or that applies to nothing, is an error.
const ajv = new Ajv2020({ strict: true, allErrors: true });
const isVector = ajv.compile(schema);

type Change = readonly [file: string, path: string, value?: Json];

/** A vector with the value at a path replaced, or removed when there is no other value. */
function withChange(file: string, path: string, value?: Json): JsonObject {
  const vector = readJson(file);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<JsonObject>((object, name) => object[name] as JsonObject, vector);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return vector;
}

/** Every field that the schema describes, `inputs.region` for one, with its schema. */
function fieldsOf(object: JsonObject, prefix = ''): (readonly [string, JsonObject])[] {
  return Object.entries(object['properties'] as JsonObject).flatMap(([name, member]) => {
    const field = resolve(member as JsonObject);
    return field['properties'] === undefined
      ? [[`${prefix}${name}`, field] as const]
      : fieldsOf(field, `${prefix}${name}.`);
  });
}

/** A description beside `$ref` is that of the field, so it goes first. */
function resolve(member: JsonObject): JsonObject {
  if (typeof member['$ref'] !== 'string') return member;
  const name = member['$ref'].replace('#/$defs/', '');
  return { ...((schema['$defs'] as JsonObject)[name] as JsonObject), ...member };
}

test('the schema is one of JSON Schema 2020-12', () => {
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(ajv.validateSchema(schema)).toBe(true);
});

test('every file of the vectors is looked at', () => {
  expect(FILES).toHaveLength(33);
  expect(FILES.filter((file) => !file.endsWith('.json'))).toEqual([]);
});

test.each(FILES)('%s satisfies the schema and is called by its name', (file) => {
  const vector = readJson(file);
  isVector(vector);
  expect(isVector.errors ?? []).toEqual([]);
  expect(vector['name']).toBe(basename(file, '.json'));
});

test('every field has a description', () => {
  const fields = fieldsOf(schema);
  expect(fields).toHaveLength(29);
  const silent = fields.filter(([, field]) => typeof field['description'] !== 'string');
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('the README has a row for every field, in the order of the schema', () => {
  const readme = readFileSync(`${FOLDER}README.md`, 'utf8');
  const [, table = ''] = readme.split('## Fields');
  const rows = [...table.matchAll(/^\| `([A-Za-z0-9.]+)` /gm)].map(([, name]) => name);
  expect(rows).toEqual(fieldsOf(schema).map(([name]) => name));
});

describe('the schema refuses', () => {
  const rsa = 'helper/rsa2048-plain.json';
  const encrypted = 'helper/rsa2048-encrypted-pbkdf2.json';
  const ecdsa = 'helper/p256-plain.json';
  const mlDsa = 'helper/mldsa65-plain.json';

  test.each<readonly [what: string, change: Change]>([
    ['an unknown field', [rsa, 'comment', 'x']],
    ['an unknown input', [rsa, 'inputs.privateKey', 'x']],
    ['an unknown part of the request', [rsa, 'request.headers', {}]],
    ['an unknown expected value', [rsa, 'expected.signature', 'x']],
    ['a vector without a request', [rsa, 'request']],
    ['a vector without a string to sign', [rsa, 'expected.stringToSign']],
    ['a certificate that is not PEM', [rsa, 'inputs.certificatePem', 'MIIB']],
    ['an encrypted key without its passphrase', [encrypted, 'inputs.privateKeyPassphrase']],
    ['a passphrase without an encrypted key', [rsa, 'inputs.privateKeyPassphrase', 'x']],
    ['a passphrase without a key', [encrypted, 'inputs.privateKeyPem']],
    ['a duration below 900 seconds', [rsa, 'inputs.durationSeconds', 899]],
    ['a duration above 43200 seconds', [rsa, 'inputs.durationSeconds', 43_201]],
    ['a trust anchor as profile', [rsa, 'inputs.profileArn', readString(rsa, 'inputs.trustAnchorArn')]],
    ['a header without a value', [rsa, 'request.rawHeaders', [['Host'], ['A', ''], ['B', ''], ['C', '']]]],
    [
      'a header of three parts',
      [
        rsa,
        'request.rawHeaders',
        [
          ['A', '', ''],
          ['B', ''],
          ['C', ''],
          ['D', ''],
        ],
      ],
    ],
    ['a serial number in hexadecimal', [rsa, 'expected.serialDecimal', '0x0f']],
    ['a serial number as a number', [rsa, 'expected.serialDecimal', 1]],
    ['a name of an algorithm that does not exist', [rsa, 'expected.algorithm', 'AWS4-HMAC-SHA256']],
    ['signed headers without the certificate', [rsa, 'expected.signedHeaders', ['host', 'x-amz-date']]],
    [
      'a line feed after the string to sign',
      [rsa, 'expected.stringToSign', `${readString(rsa, 'expected.stringToSign')}\n`],
    ],
    ['an RSA signature shorter than 2048 bits', [rsa, 'expected.signatureHex', 'ab'.repeat(255)]],
    ['an RSA signature that is not deterministic', [rsa, 'expected.deterministic', false]],
    ['an ECDSA signature that is not DER', [ecdsa, 'expected.signatureHex', 'ab'.repeat(64)]],
    ['a deterministic ECDSA signature', [ecdsa, 'expected.deterministic', true]],
    ['an ML-DSA signature of another length', [mlDsa, 'expected.signatureHex', 'ab'.repeat(3308)]],
    ['a signature in upper case', [rsa, 'expected.signatureHex', 'AB'.repeat(256)]],
  ])('%s', (_, [file, path, value]) => {
    expect(isVector(withChange(file, path, value))).toBe(false);
    const parent = `/${path}`.split(/[./]/).slice(0, -1).join('/');
    const places = new Set((isVector.errors ?? []).map(({ instancePath }) => instancePath));
    expect([...places].filter((place) => !place.startsWith(parent))).toEqual([]);
    const exact = `/${path.replace('.', '/')}`;
    expect([...places].some((place) => place === parent || place.startsWith(exact))).toBe(true);
  });

  function readString(file: string, path: string): string {
    const [parent = '', name = ''] = path.split('.');
    return (readJson(file)[parent] as Record<string, string>)[name] ?? '';
  }
});
