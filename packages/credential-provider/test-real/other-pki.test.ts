import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { KeyAlgorithm } from '@rolesanywhere/pki';
import { testWith } from '../../../tools/test-support/real-parts.js';
import { type IssuedHere, issueHere } from './support/issued-here.js';
import type { KeyKind, MadeElsewhere } from './support/made-elsewhere.js';
import { certtool } from './support/make-by-certtool.js';
import { cfssl } from './support/make-by-cfssl.js';
import { easyRsa } from './support/make-by-easy-rsa.js';
import { keytool } from './support/make-by-keytool.js';
import { openssl } from './support/make-by-openssl.js';
import { fromFiles, fromText, judge, present } from './support/present.js';
import { openToolWorkshop, type ToolWorkshop } from './support/tool-workshop.js';

const PATIENCE = 120_000;
const MAKERS = [openssl, cfssl, easyRsa, certtool, keytool];
const KINDS: readonly KeyKind[] = ['RSA', 'EC'];
const CASES = MAKERS.flatMap((maker) => KINDS.map((kind) => ({ maker, tool: maker.tool, kind })));

describe.each(CASES)('what $tool made, with $kind keys', ({ maker, tool, kind }) => {
  const { fault, reason } = maker;
  let workshop: ToolWorkshop;
  let made: MadeElsewhere;
  beforeAll(async () => {
    workshop = openToolWorkshop();
    made = await maker.make(workshop, kind);
  }, PATIENCE);
  afterAll(() => workshop.remove());

  for (const [source, load] of Object.entries({ files: fromFiles, text: fromText })) {
    testWithTools(`${tool}: a client certificate, loaded from ${source}, gets a session`, async () => {
      const { session, verdicts, error } = await present(load(made.fit, workshop.folder), made);
      expect(error).toBeUndefined();
      expect(verdicts).toMatchObject([{ outcome: 'accepted', findings: [] }]);
      expect(session?.sourceIdentity).toBe('CN=client');
    });
  }

  testWithTools(`${tool}: the path of a client certificate is accepted`, () => {
    const { accepted, findings, path } = judge(made.fit, { made, folder: workshop.folder });
    expect({ accepted, findings }).toEqual({ accepted: true, findings: [] });
    expect(path).toHaveLength(made.fit.chain === undefined ? 2 : 3);
  });

  testWithTools(`${tool}: a certificate ${fault} is refused for that, by both`, async () => {
    const { findings } = judge(made.unfit, { made, folder: workshop.folder });
    expect(findings.map(({ code }) => code)).toEqual([reason]);
    const { error, verdicts } = await present(fromFiles(made.unfit, workshop.folder), made);
    expect(verdicts).toMatchObject([{ outcome: 'refused', reason }]);
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', status: 403 });
  });
});

const KEYS: readonly (readonly [string, KeyAlgorithm])[] = [
  ['RSA', { type: 'RSA' }],
  ['P-256', { type: 'EC', curve: 'P-256' }],
  ['P-384', { type: 'EC', curve: 'P-384' }],
  ['P-521', { type: 'EC', curve: 'P-521' }],
];

describe.each(KEYS)('what pki issued, with %s keys', (_name, keyAlgorithm) => {
  let workshop: ToolWorkshop;
  let issued: IssuedHere;
  beforeAll(async () => {
    workshop = openToolWorkshop();
    issued = await issueHere(workshop, keyAlgorithm);
  }, PATIENCE);
  afterAll(() => workshop.remove());

  testWithTools('openssl verifies strictly, revocation lists too', async () => {
    const { root, intermediate, leaf, revoked, lists, forged } = issued;
    const trust = ['-x509_strict', '-trusted', root, '-untrusted', intermediate];
    const verify = (file: string) =>
      workshop.tryRun('openssl', 'verify', ...trust, '-crl_check_all', '-CRLfile', lists, file);
    expect(await verify(leaf)).toEqual({ ok: true, output: `${leaf}: OK\n` });
    expect((await verify(revoked)).output).toContain('certificate revoked');
    expect((await verify(forged)).ok).toBe(false);
  });

  testWithTools('certtool verifies, the revocation list too', async () => {
    const { root, intermediate, leaf, chain, revokedChain, list, forged } = issued;
    const verify = async (file: string, ...trust: string[]): Promise<string> => {
      const options = ['--verify-profile=medium', '--load-crl', list, '--infile', file];
      return (await workshop.tryRun('certtool', '--verify', ...trust, ...options)).output;
    };
    const trusted = 'Chain verification output: Verified. The certificate is trusted.';
    const anchor = ['--load-ca-certificate', root];
    expect(await verify(chain, ...anchor)).toContain(trusted);
    expect(await verify(revokedChain, ...anchor)).toContain('NOT trusted. The certificate chain is revoked.');
    const issuer = ['--load-ca-certificate', intermediate];
    expect(await verify(leaf, ...issuer)).toContain(trusted);
    expect(await verify(forged, ...issuer)).toContain('NOT trusted');
    const verdict = await workshop.run('certtool', '--verify-crl', ...issuer, '--infile', list);
    expect(verdict).toContain('Verification output: Verified.');
  });

  testWithTools('keytool prints, and takes into a trust store what it can verify', async () => {
    const { root, intermediate, leaf, list, revokedSerialNumber, forged } = issued;
    const add = (alias: string, file: string, ...more: string[]) => {
      const store = ['-keystore', 'trust.p12', '-storepass', 'changeit'];
      return workshop.tryRun('keytool', '-importcert', '-alias', alias, '-file', file, ...store, ...more);
    };
    expect((await add('root', root, '-noprompt')).output).toContain('Certificate was added');
    // What does not verify by the store, it asks about; and nobody says yes.
    expect((await add('intermediate', intermediate)).output).toContain('Certificate was added');
    expect((await add('leaf', leaf)).output).toContain('Certificate was added');
    expect((await add('forged', forged)).output).not.toContain('Certificate was added');
    const certificate = await workshop.run('keytool', '-printcert', '-file', leaf);
    expect(certificate).toContain('Issuer: CN=Issuing, O=Ñandú');
    expect(certificate).toContain('IPAddress: 2001:db8:0:0:0:0:0:1');
    const printed = await workshop.run('keytool', '-printcrl', '-file', list);
    // Two digits a byte, and a byte more where the first would look negative.
    expect(printed.replaceAll(/[: ]/g, '')).toMatch(new RegExp(`SerialNumber0*${revokedSerialNumber}On`));
    expect(printed).toContain('KEY_COMPROMISE');
  });

  testWithTools('cfssl reads, and bundles what it can verify', async () => {
    const { root, intermediate, leaf, forged } = issued;
    const info: unknown = JSON.parse(await workshop.run('cfssl', 'certinfo', '-cert', leaf));
    expect(info).toMatchObject({
      subject: { common_name: 'server', organization: 'Ñandú' },
      issuer: { common_name: 'Issuing' },
      sans: expect.arrayContaining(['host.example.com', '2001:db8::1']),
    });
    const trust = ['-ca-bundle', root, '-int-bundle', intermediate];
    const bundle = (file: string) => workshop.tryRun('cfssl', 'bundle', ...trust, '-cert', file);
    expect((await bundle(leaf)).output).toContain('"bundle":"-----BEGIN CERTIFICATE-----');
    expect((await bundle(forged)).output).toContain('unknown authority');
  });
});

function testWithTools(name: string, run: () => void | Promise<void>): void {
  testWith('REAL_PKI_TOOLS')(name, run, PATIENCE);
}
