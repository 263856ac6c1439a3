/** Programs that a stranger could write, the same for every runtime; each answers to a job by name. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';

const JOBS = `
import { canonicalRequest, createX509Identity, fromPem, fromPemFiles, signRequest } from '@rolesanywhere/signer';
import { createSession, fromRolesAnywhere } from '@rolesanywhere/credential-provider';

export const sign = (orders) => Promise.all(orders.map(signOne));

async function signOne({ request, pem, region, signingDate }) {
  const identity = await fromPem(pem)();
  const signed = await signRequest(request, { identity, region, signingDate: new Date(signingDate) });
  return { canonicalRequest: (await canonicalRequest(signed)).text, headers: signed.headers };
}

export async function session({ pem, arns, endpoint }) {
  const { credentials } = await createSession(arns, { identity: fromPem(pem), clientConfig: { endpoint } });
  return credentials.accessKeyId;
}

export async function sessionWithCryptoKey({ pem, arns, endpoint }) {
  const base64 = pem.privateKey.replaceAll(/-----[^-]+-----|\\s/g, '');
  const pkcs8 = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const identity = await createX509Identity({ certificate: pem.certificate, key });
  const { credentials } = await createSession(arns, { identity, clientConfig: { endpoint } });
  return credentials.accessKeyId;
}

let provider;
export async function sharedProvider({ pem, arns, endpoint }) {
  provider ??= fromRolesAnywhere({ ...arns, identity: fromPem(pem), clientConfig: { endpoint } });
  return (await provider()).accessKeyId;
}

export const missingFile = () => fromPemFiles({ certificate: '/nowhere/server.pem' })().catch(({ code }) => code);

export const globals = async () => ({ process: typeof process, Buffer: typeof Buffer });
`;

const PROGRAM = `
import { readFileSync } from 'node:fs';
import * as jobs from './jobs.mjs';
const [job, given] = JSON.parse(readFileSync('order.json', 'utf8'));
const from = ['signer', 'credential-provider'].map((name) => import.meta.resolve('@rolesanywhere/' + name));
console.log(JSON.stringify({ from, result: await jobs[job](given) }));
`;

const WORKER = `
import * as jobs from './jobs.mjs';
export default {
  async fetch(request) {
    const [job, given] = await request.json();
    return jobs[job](given).then(
      (result) => Response.json({ result }),
      (error) => Response.json({ error: String(error?.stack ?? error) }, { status: 500 }),
    );
  },
};
`;

/** What stands in the folder of the stranger. */
export const RUNTIME_FILES = { 'jobs.mjs': JOBS, 'program.mjs': PROGRAM, 'worker.mjs': WORKER } as const;

export type Job = 'sign' | 'session' | 'sessionWithCryptoKey' | 'sharedProvider' | 'missingFile' | 'globals';

/** Has a runtime do a job; resolves to its result. */
export type DoJob = (job: Job, given?: unknown) => Promise<unknown>;

/** For a runtime with files and Node's way to find packages: a process for each job. */
export function jobsByProcess(command: readonly [program: string, ...args: string[]], folder: string): DoJob {
  return async (job, given) => {
    writeFileSync(join(folder, 'order.json'), JSON.stringify([job, given]));
    const { exitCode, stdout, stderr } = await runCleanly([...command, 'program.mjs'], {
      cwd: folder,
      // Their caches go with the folder.
      env: { HOME: folder },
    });
    if (exitCode !== 0 || stderr !== '') throw new Error(`${job} ended with ${exitCode}: ${stderr}`);
    const { from, result }: { from: string[]; result: unknown } = JSON.parse(stdout);
    const strange = from.find((url) => !url.endsWith('/dist/esm/index.node.js'));
    if (strange !== undefined) throw new Error(`${strange} is not the side of Node`);
    return result;
  };
}
