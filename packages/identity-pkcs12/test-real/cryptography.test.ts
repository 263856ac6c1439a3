/** Files of Python's cryptography, which writes them with code of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy } from '../test/support/certificates.js';

const PASSPHRASE = 'correct horse € 😀';
const WRITE = `
import sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat, load_pem_private_key, pkcs12
pem = open('in.pem', 'rb').read()
leaf, issuer = x509.load_pem_x509_certificates(pem)
key = load_pem_private_key(pem, None)
password = sys.argv[1].encode()
builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(50000)
aes = builder.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
des = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())
for name, protection in [('aes', aes.build(password)), ('3des', des.build(password)), ('none', NoEncryption())]:
    data = pkcs12.serialize_key_and_certificates(b'server', key, leaf, [issuer], protection)
    open(name + '.p12', 'wb').write(data)
`;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cryptography-'));
  const { issuer, leaf } = await createHierarchy();
  const { privateKeyPem, certificatePem } = await leaf('CN=server');
  writeFileSync(join(folder, 'in.pem'), privateKeyPem + certificatePem + issuer.certificatePem);
});
afterAll(() => rmSync(folder, { recursive: true }));

testWith('REAL_AWS').each([
  ['aes', PASSPHRASE],
  ['3des', PASSPHRASE],
  ['none', undefined],
])('protected with %s', async (name, passphrase) => {
  const python = join(realPart('REAL_AWS') ?? '', 'python');
  const env = { LC_ALL: 'C.UTF-8' };
  const written = await runCleanly([python, '-c', WRITE, PASSPHRASE], { cwd: folder, env });
  expect(written).toMatchObject({ exitCode: 0 });
  const identity = await fromPkcs12({ file: join(folder, `${name}.p12`), passphrase })();
  expect(identity.certificate.subject).toBe('CN=server');
  expect(identity.chain.map(({ subject }) => subject)).toEqual(['CN=Issuing']);
  expect((await identity.key.sign(Buffer.from('message'))).length).toBeGreaterThan(0);
});
