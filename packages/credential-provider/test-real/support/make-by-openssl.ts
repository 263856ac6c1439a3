import type { FromPemFilesInit } from '@rolesanywhere/credential-provider';
import type { OtherMaker } from './made-elsewhere.js';

const AUTHORITY =
  'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\n';
const CLIENT = 'basicConstraints=CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n';
const CONFIGURATION = `[req]\ndistinguished_name=name\nutf8=yes\n[name]\n[authority]\n${AUTHORITY}`;

/** A root and what it signed; keys as the commands of old write them, that of the client encrypted. */
export const openssl: OtherMaker = {
  tool: 'openssl',
  fault: 'of a CA',
  reason: 'LEAF_IS_CA',
  async make({ write, read, run }, kind) {
    write('openssl.cnf', CONFIGURATION);
    const configuration = ['-config', 'openssl.cnf', '-utf8'];
    const makeKey = async (name: string): Promise<string> => {
      const file = `${name}.key`;
      if (kind === 'RSA') await run('openssl', 'genrsa', '-traditional', '-out', file, '2048');
      else await run('openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-out', file);
      return file;
    };
    const root = ['-key', await makeKey('root'), '-subj', '/O=Ñandú/CN=openssl root', '-days', '3'];
    await run(
      'openssl',
      'req',
      ...configuration,
      '-x509',
      '-extensions',
      'authority',
      ...root,
      '-out',
      'root.pem',
    );
    const sign = async (name: string, extensions: string): Promise<FromPemFilesInit> => {
      const key = await makeKey(name);
      const subject = ['-subj', `/O=Ñandú/CN=${name}`];
      await run('openssl', 'req', ...configuration, '-new', '-key', key, ...subject, '-out', `${name}.csr`);
      const extension = write(`${name}.ext`, extensions);
      const issuer = ['-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-days', '2'];
      const certificate = `${name}.pem`;
      const files = ['-in', `${name}.csr`, '-extfile', extension, '-out', certificate];
      await run('openssl', 'x509', '-req', ...issuer, ...files);
      const encryption = ['-aes256', '-passout', 'pass:open sesame', '-out', `${name}.encrypted`];
      await run('openssl', kind === 'RSA' ? 'rsa' : 'ec', '-in', key, ...encryption);
      return { certificate, privateKey: `${name}.encrypted`, passphrase: 'open sesame' };
    };
    const fit = await sign('client', CLIENT);
    const unfit = await sign('another CA', AUTHORITY);
    return { anchor: read('root.pem'), fit, unfit };
  },
};
