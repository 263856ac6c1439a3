import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSession,
  fromPem,
  fromPemFiles,
  type FromPemFilesInit,
  type Session,
  type X509IdentityProvider,
} from '@rolesanywhere/credential-provider';
import { createEmulator, type Verdict } from '@rolesanywhere/emulator';
import {
  judgePath,
  parseCertificate,
  parseCertificateRevocationList,
  parseCertificates,
  type PathVerdict,
} from '@rolesanywhere/pki';
import { trustPolicy } from '../../../../tools/test-support/trust-policy.js';
import type { MadeElsewhere } from './made-elsewhere.js';

/** What came of asking the emulator for a session. */
export interface Answer {
  readonly verdicts: readonly Verdict[];
  readonly session?: Session;
  readonly error?: unknown;
}

/** Asks for a session with an identity over a socket, where the root of the tool is the trust anchor. */
export async function present(identity: X509IdentityProvider, made: MadeElsewhere): Promise<Answer> {
  const verdicts: Verdict[] = [];
  const emulator = createEmulator({
    region: 'eu-central-1',
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'other-ca', certificates: made.anchor });
  const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
  if (made.revocationList !== undefined)
    emulator.importCrl({ name: 'list', trustAnchorArn, crl: made.revocationList });
  const { url, close } = await emulator.listen();
  try {
    const context = { identity, clientConfig: { endpoint: url } };
    return { verdicts, session: await createSession({ trustAnchorArn, profileArn, roleArn }, context) };
  } catch (error) {
    return { verdicts, error };
  } finally {
    await close();
  }
}

/** The identity from the files themselves. */
export function fromFiles(files: FromPemFilesInit, folder: string): X509IdentityProvider {
  return fromPemFiles({ ...files, ...pathsIn(files, folder) });
}

/** The identity from the text of the files. */
export function fromText(files: FromPemFilesInit, folder: string): X509IdentityProvider {
  const { certificate, privateKey, chain } = pathsIn(files, folder);
  return fromPem({
    certificate: readFileSync(certificate, 'utf8'),
    privateKey: readFileSync(privateKey, 'utf8'),
    ...(chain !== undefined && { chain: readFileSync(chain, 'utf8') }),
    passphrase: files.passphrase,
  });
}

/** What `judgePath` says to the certificate now. */
export function judge(
  files: FromPemFilesInit,
  { made, folder }: { made: MadeElsewhere; folder: string },
): PathVerdict {
  const { certificate, chain } = pathsIn(files, folder);
  return judgePath({
    leaf: parseCertificate(readFileSync(certificate)),
    candidates: chain === undefined ? [] : parseCertificates(readFileSync(chain)),
    trustAnchors: parseCertificates(made.anchor),
    revocationLists:
      made.revocationList === undefined ? [] : [parseCertificateRevocationList(made.revocationList)],
    at: new Date(),
  });
}

function pathsIn({ certificate, privateKey, chain }: FromPemFilesInit, folder: string) {
  return {
    certificate: join(folder, certificate),
    privateKey: join(folder, privateKey ?? certificate),
    chain: chain === undefined ? undefined : join(folder, chain),
  };
}
