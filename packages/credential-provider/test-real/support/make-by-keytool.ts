import type { FromPemFilesInit } from '@rolesanywhere/credential-provider';
import type { OtherMaker } from './made-elsewhere.js';

const PASSWORD = 'changeit';

/** Key stores of Java: the keys are taken out of them by openssl, with bag attributes before them; with P-521. */
export const keytool: OtherMaker = {
  tool: 'keytool',
  fault: 'without digitalSignature',
  reason: 'DIGITAL_SIGNATURE_MISSING',
  async make({ read, run }, kind) {
    const key =
      kind === 'RSA' ? ['-keyalg', 'RSA', '-keysize', '2048'] : ['-keyalg', 'EC', '-groupname', 'secp521r1'];
    const store = (name: string): string[] => [
      '-alias',
      name,
      '-keystore',
      `${name}.p12`,
      '-storepass',
      PASSWORD,
    ];
    const generate = (name: string, ...more: string[]): Promise<string> =>
      run('keytool', '-genkeypair', ...store(name), ...key, '-dname', `CN=${name}, O=Ñandú`, ...more);
    await generate('root', '-ext', 'bc:c', '-ext', 'ku:c=keyCertSign,cRLSign', '-validity', '3');
    await run('keytool', '-exportcert', '-rfc', ...store('root'), '-file', 'root.pem');
    const issue = async (name: string, usage: string): Promise<FromPemFilesInit> => {
      await generate(name);
      await run('keytool', '-certreq', ...store(name), '-file', `${name}.csr`);
      const extensions = ['-ext', `ku:c=${usage}`, '-ext', 'eku=clientAuth', '-validity', '2'];
      const files = ['-infile', `${name}.csr`, '-outfile', `${name}.pem`];
      await run('keytool', '-gencert', '-rfc', ...store('root'), ...files, ...extensions);
      const taken = ['-in', `${name}.p12`, '-passin', `pass:${PASSWORD}`, '-out', `${name}.key`];
      await run('openssl', 'pkcs12', '-nodes', '-nocerts', ...taken);
      return { certificate: `${name}.pem`, privateKey: `${name}.key` };
    };
    const fit = await issue('client', 'digitalSignature');
    const unfit = await issue('enciphering', 'keyEncipherment');
    return { anchor: read('root.pem'), fit, unfit };
  },
};
