/**
 * A key in a PKCS#11 token (SoftHSM): loading the identity, signing and closing against `pkcs11-tool --sign`, which does the
 * same in a process of its own; and a signature against the bare calls of the add-on, C_SignInit and C_SignAsync. Gives no
 * figures on a machine without SoftHSM, OpenSC and the add-on.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromPkcs11 } from '@rolesanywhere/identity-pkcs11';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { compare } from './compare.js';
import { MODULE, addonPath, pkcs11TurnFigures } from './pkcs11-turns.js';

const PIN = '1234';
/** As long as a string to sign. */
const MESSAGE = Buffer.from('x'.repeat(160));
const LOGIN = ['--module', MODULE, '--token-label', 'bench', '--login', '--pin', PIN];

export async function pkcs11Figures() {
  if (!existsSync(MODULE) || !existsSync('/usr/bin/pkcs11-tool')) return [];
  const folder = await makeToken();
  try {
    return [
      await wholeFigure(folder),
      ...(await figuresOf('RSA-2048', 'Rsa')),
      ...(await figuresOf('P-256', 'P256')),
      ...pkcs11TurnFigures(folder),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function figuresOf(kind, label) {
  const init = { certificate: `pkcs11:token=bench;object=${label}`, module: MODULE, pin: PIN };
  const provider = fromPkcs11(init);
  const { key } = await provider();
  await key.sign(MESSAGE);
  const bare = bareSigner(label);
  const pairs = { warmUp: 200, rounds: 200 };
  const signature = await compare(
    () => key.sign(MESSAGE),
    () => bare.sign(MESSAGE),
    pairs,
  );
  const atOnce = await millisecondsFor200(key);
  bare.end();
  await provider.close();
  return [
    {
      name: `pkcs11Signature${label}`,
      what: `token ${kind}, signature / bare C_SignInit and C_SignAsync`,
      value: rounded(signature),
      unit: '×',
    },
    {
      name: `pkcs11AtOnce${label}`,
      what: `token ${kind}, 200 signatures at once`,
      value: rounded(atOnce),
      unit: 'ms',
    },
  ];
}

/** By id: with a label the tool takes the first key that it sees. With RSA: pkcs11-tool of OpenSC 0.23 cannot make a bare ECDSA signature with SoftHSM. */
async function wholeFigure(folder) {
  const init = { certificate: 'pkcs11:token=bench;object=Rsa', module: MODULE, pin: PIN };
  const whole = await compare(
    () => loadAndSign(init),
    () => signByTool(folder),
    { warmUp: 3, rounds: 5 },
  );
  return {
    name: 'pkcs11Whole',
    what: 'token RSA-2048, load, sign and close / pkcs11-tool --sign',
    value: rounded(whole),
    unit: '×',
  };
}

function rounded(value) {
  return Number(value.toFixed(2));
}

async function loadAndSign(init) {
  const provider = fromPkcs11(init);
  const { key } = await provider();
  await key.sign(MESSAGE);
  await provider.close();
}

function signByTool(folder) {
  const what = ['--sign', '--mechanism', 'SHA256-RSA-PKCS', '--id', '01'];
  const files = ['--input-file', join(folder, 'message'), '--output-file', join(folder, 'signature')];
  run('pkcs11-tool', ...LOGIN, ...what, ...files);
}

async function millisecondsFor200(key) {
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: 200 }, () => key.sign(MESSAGE)));
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** The add-on alone, in the process where the identity has started the module and logged in. */
function bareSigner(label) {
  const pkcs11js = createRequire(import.meta.url)(addonPath());
  const module = new pkcs11js.PKCS11();
  module.load(MODULE);
  const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trim() === 'bench');
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
  module.C_FindObjectsInit(session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    { type: pkcs11js.CKA_LABEL, value: label },
  ]);
  const key = module.C_FindObjects(session);
  module.C_FindObjectsFinal(session);
  const isRsa = label === 'Rsa';
  const mechanism = isRsa ? pkcs11js.CKM_SHA256_RSA_PKCS : pkcs11js.CKM_ECDSA;
  const digest = (message) => createHash('sha256').update(message).digest();
  return {
    sign(message) {
      module.C_SignInit(session, { mechanism }, key);
      return module.C_SignAsync(session, isRsa ? message : digest(message), Buffer.alloc(512));
    },
    end: () => module.C_CloseSession(session),
  };
}

/** A token with two keys and their certificates. The module reads its configuration from the environment. */
async function makeToken() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  mkdirSync(join(folder, 'tokens'));
  const configuration = `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`;
  writeFileSync(join(folder, 'softhsm2.conf'), configuration);
  process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  run('softhsm2-util', '--init-token', '--free', '--label', 'bench', '--pin', PIN, '--so-pin', '5678');
  const p256 = { type: 'EC', curve: 'P-256' };
  const issuer = await issueCertificateAuthority({ subject: 'CN=Bench CA', keyAlgorithm: p256 });
  const rsa = { type: 'RSA', modulusLength: 2048 };
  const issued = [
    await issueCertificate({ subject: 'CN=Rsa', issuer, keyAlgorithm: rsa }),
    await issueCertificate({ subject: 'CN=P256', issuer, keyAlgorithm: p256 }),
  ];
  for (const [index, { certificate, privateKeyPem }] of issued.entries()) {
    writeFileSync(join(folder, 'key.pem'), privateKeyPem);
    writeFileSync(join(folder, 'certificate.der'), certificate.der);
    const name = ['--label', certificate.subject.text.slice('CN='.length), '--id', `0${index + 1}`];
    run('softhsm2-util', '--import', join(folder, 'key.pem'), '--token', 'bench', ...name, '--pin', PIN);
    run(
      'pkcs11-tool',
      ...LOGIN,
      '--write-object',
      join(folder, 'certificate.der'),
      '--type',
      'cert',
      ...name,
    );
  }
  writeFileSync(join(folder, 'message'), MESSAGE);
  return folder;
}

function run(program, ...args) {
  execFileSync(program, args, { stdio: 'pipe' });
}
