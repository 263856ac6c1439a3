import type { FromPemFilesInit } from '@rolesanywhere/credential-provider';
import type { OtherMaker } from './made-elsewhere.js';

const EXPIRY = { expiry: '24h' };
const CONFIGURATION = {
  signing: {
    default: EXPIRY,
    profiles: {
      issuing: {
        ...EXPIRY,
        usages: ['cert sign', 'crl sign'],
        ca_constraint: { is_ca: true, max_path_len: 0, max_path_len_zero: true },
      },
      client: { ...EXPIRY, usages: ['signing', 'client auth'] },
      'key exchange': { ...EXPIRY, usages: ['key encipherment', 'client auth'] },
    },
  },
};

/** A root, an intermediate, and clients below it; with P-521. */
export const cfssl: OtherMaker = {
  tool: 'cfssl',
  fault: 'without digitalSignature',
  reason: 'DIGITAL_SIGNATURE_MISSING',
  async make({ write, read, run }, kind) {
    write('config.json', JSON.stringify(CONFIGURATION));
    const key = kind === 'RSA' ? { algo: 'rsa', size: 2048 } : { algo: 'ecdsa', size: 521 };
    const order = (name: string): string =>
      write(`${name}.json`, JSON.stringify({ CN: name, key, names: [{ O: 'Example', C: 'DE' }] }));
    const unpack = async (name: string, answer: string): Promise<FromPemFilesInit> => {
      await run('cfssljson', '-f', write(`${name}.answer`, answer), '-bare', name);
      return { certificate: `${name}.pem`, privateKey: `${name}-key.pem` };
    };
    await unpack('root', await run('cfssl', 'gencert', '-initca', order('root')));
    const sign = async (name: string, by: { issuer: string; profile: string }): Promise<FromPemFilesInit> => {
      const issuer = ['-ca', `${by.issuer}.pem`, '-ca-key', `${by.issuer}-key.pem`];
      const profile = ['-config', 'config.json', '-profile', by.profile];
      return unpack(name, await run('cfssl', 'gencert', ...issuer, ...profile, order(name)));
    };
    await sign('issuing', { issuer: 'root', profile: 'issuing' });
    const fit = await sign('client', { issuer: 'issuing', profile: 'client' });
    const unfit = await sign('enciphering', { issuer: 'issuing', profile: 'key exchange' });
    const chain = 'issuing.pem';
    return { anchor: read('root.pem'), fit: { ...fit, chain }, unfit: { ...unfit, chain } };
  },
};
