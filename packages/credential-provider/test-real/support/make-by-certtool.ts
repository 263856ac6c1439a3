import type { FromPemFilesInit } from '@rolesanywhere/credential-provider';
import type { OtherMaker } from './made-elsewhere.js';

const AUTHORITY = ['ca', 'cert_signing_key', 'crl_signing_key'];
const CLIENT = ['signing_key', 'tls_www_client'];

/** A root, an intermediate for names below example.com, and clients; keys with text before them; with P-384. */
export const certtool: OtherMaker = {
  tool: 'certtool',
  fault: 'with a name that its CA may not give',
  reason: 'NAME_CONSTRAINTS_VIOLATED',
  async make({ write, read, run }, kind) {
    const type =
      kind === 'RSA' ? ['--key-type=rsa', '--bits=2048'] : ['--key-type=ecdsa', '--curve=secp384r1'];
    const prepare = async (name: string, settings: readonly string[]): Promise<string[]> => {
      await run('certtool', '--generate-privkey', ...type, '--outfile', `${name}.key`);
      const lines = [`cn = "${name}"`, 'organization = "Ñandú"', 'expiration_days = 3', ...settings, ''];
      const template = write(`${name}.tmpl`, lines.join('\n'));
      return ['--load-privkey', `${name}.key`, '--template', template, '--outfile', `${name}.pem`];
    };
    const sign = async (
      name: string,
      by: { issuer: string; settings: string[] },
    ): Promise<FromPemFilesInit> => {
      const files = await prepare(name, by.settings);
      const issuer = ['--load-ca-certificate', `${by.issuer}.pem`, '--load-ca-privkey', `${by.issuer}.key`];
      await run('certtool', '--generate-certificate', ...issuer, ...files);
      return { certificate: `${name}.pem`, privateKey: `${name}.key` };
    };
    await run('certtool', '--generate-self-signed', ...(await prepare('root', AUTHORITY)));
    const constrained = [...AUTHORITY, 'path_len = 0', 'nc_permit_dns = "example.com"'];
    await sign('issuing', { issuer: 'root', settings: constrained });
    const issue = (name: string, host: string): Promise<FromPemFilesInit> =>
      sign(name, { issuer: 'issuing', settings: [...CLIENT, `dns_name = "${host}"`] });
    const fit = await issue('client', 'host.example.com');
    const unfit = await issue('stranger', 'host.example.org');
    const chain = 'issuing.pem';
    return { anchor: read('root.pem'), fit: { ...fit, chain }, unfit: { ...unfit, chain } };
  },
};
