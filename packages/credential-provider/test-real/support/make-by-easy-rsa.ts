import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { realPart } from '../../../../tools/test-support/real-parts.js';
import type { OtherMaker } from './made-elsewhere.js';

/** A root and an intermediate in a folder each, a client of the intermediate, and one that the root revoked; with P-384. */
export const easyRsa: OtherMaker = {
  tool: 'easy-rsa',
  fault: 'that is revoked',
  reason: 'CERTIFICATE_REVOKED',
  async make({ folder, read, run }, kind) {
    const program = join(realPart('REAL_PKI_TOOLS') ?? '', 'easyrsa');
    const key =
      kind === 'RSA' ? ['--use-algo=rsa', '--keysize=2048'] : ['--use-algo=ec', '--curve=secp384r1'];
    const easyrsa = (place: string, ...args: string[]): Promise<string> =>
      run(program, '--batch', `--pki-dir=${join(folder, place)}`, ...key, ...args);
    await easyrsa('root', 'init-pki');
    await easyrsa('root', '--req-cn=easy-rsa root', 'build-ca', 'nopass');
    await easyrsa('issuing', 'init-pki');
    await easyrsa('issuing', '--req-cn=Issuing', 'build-ca', 'subca', 'nopass');
    await easyrsa('root', 'import-req', join(folder, 'issuing', 'reqs', 'ca.req'), 'issuing');
    await easyrsa('root', 'sign-req', 'ca', 'issuing');
    cpSync(join(folder, 'root', 'issued', 'issuing.crt'), join(folder, 'issuing', 'ca.crt'));
    await easyrsa('issuing', 'build-client-full', 'client', 'nopass');
    const fit = { ...filesOf('issuing', 'client'), chain: join('issuing', 'ca.crt') };
    await easyrsa('root', 'build-client-full', 'lost', 'nopass');
    // Revoking moves the files away.
    const unfit = { certificate: 'lost.crt', privateKey: 'lost.key' };
    const { certificate, privateKey } = filesOf('root', 'lost');
    cpSync(join(folder, certificate), join(folder, unfit.certificate));
    cpSync(join(folder, privateKey), join(folder, unfit.privateKey));
    await easyrsa('root', 'revoke', 'lost', 'keyCompromise');
    await easyrsa('root', 'gen-crl');
    const revocationList = read(join('root', 'crl.pem'));
    return { anchor: read(join('root', 'ca.crt')), fit, unfit, revocationList };
  },
};

function filesOf(place: string, name: string) {
  return {
    certificate: join(place, 'issued', `${name}.crt`),
    privateKey: join(place, 'private', `${name}.key`),
  };
}
