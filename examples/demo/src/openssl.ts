/** Steps 1 and 5 once more, by openssl where it is on the machine: each side checks what the other made. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgePath, parseCertificate } from '@rolesanywhere/pki';
import { say } from './narrator.js';
import { runProgram, type ProgramRun } from './run-program.js';

/** The configuration that is right; docs/guides/certificates-with-openssl.md says why the common one is not. */
const CONFIGURATION = fileURLToPath(new URL('../openssl.cnf', import.meta.url));

export async function checkWithOpenssl(folder: string): Promise<void> {
  const version = await runProgram(['openssl', 'version']);
  if (version === undefined) {
    say('(openssl is not on this machine, so it does not check these certificates)');
    return;
  }
  const openssl = (...args: string[]): Promise<ProgramRun> => succeed(folder, args);
  copyFileSync(CONFIGURATION, join(folder, 'openssl.cnf'));
  const ours = await openssl('verify', '-x509_strict', '-CAfile', 'ca.crt', 'server.crt');
  say(
    `openssl verify on ours:          ${ours.stdout.trim()} (${version.stdout.split(' ').slice(0, 2).join(' ')})`,
  );

  await openssl(
    ...'req -x509 -newkey rsa:4096 -noenc -sha256 -days 3650 -config openssl.cnf -extensions v3_ca'.split(
      ' ',
    ),
    ...'-keyout openssl-ca.key -out openssl-ca.crt'.split(' '),
  );
  await openssl(
    ...'req -new -newkey rsa:2048 -noenc -config openssl.cnf -section server_request'.split(' '),
    ...'-keyout openssl-server.key -out openssl-server.csr'.split(' '),
  );
  await openssl(
    ...'x509 -req -in openssl-server.csr -CA openssl-ca.crt -CAkey openssl-ca.key -CAcreateserial'.split(' '),
    ...'-sha256 -days 365 -extfile openssl.cnf -extensions v3_server -out openssl-server.crt'.split(' '),
  );
  judgeOpensslCertificate(folder);
}

function judgeOpensslCertificate(folder: string): void {
  const read = (name: string) => parseCertificate(readFileSync(join(folder, name)));
  const authority = read('openssl-ca.crt');
  const leaf = read('openssl-server.crt');
  const { accepted, findings } = judgePath({
    leaf,
    candidates: [],
    trustAnchors: [authority],
    at: new Date(),
  });
  if (!accepted) throw new Error(`openssl-server.crt is refused: ${JSON.stringify(findings)}`);
  say(`@rolesanywhere/pki on openssl's: openssl-server.crt: OK (${leaf.subject.text})`);
}

async function succeed(folder: string, args: readonly string[]): Promise<ProgramRun> {
  const run = await runProgram(['openssl', ...args], { cwd: folder });
  if (run === undefined || run.exitCode !== 0) {
    throw new Error(`openssl ${args.join(' ')}: ${run?.stderr ?? 'not found'}`);
  }
  return run;
}
