import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { testWith, realPart } from '../../../tools/test-support/real-parts.js';
import { runScript } from './support/run-script.js';
import { MODULE, PIN, type SoftToken, makeAuthorities, makeSoftToken } from './support/soft-token.js';

const test = testWith('REAL_HSM');
const CLIENT = '/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so';

let token: SoftToken;
beforeAll(async () => {
  if (realPart('REAL_HSM') === undefined) return;
  token = makeSoftToken('remote', 'own');
  const { issuing } = await makeAuthorities();
  token.makeKey({ id: '01', type: 'rsa:2048' });
  token.putCertificate('01', token.certify('01', issuing));
});
afterAll(() => token?.remove());

/** What a script prints that has a server of the token, which it starts and kills. */
async function printedBy(body: string): Promise<unknown> {
  const socket = join(token.folder, 'p11-kit.sock');
  const args = ['server', '--provider', MODULE, '--name', socket, '-f', token.uri];
  const init = { certificate: `${token.uri};id=%01`, module: CLIENT };
  const script = `
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    import { rmSync } from 'node:fs';
    import { connect } from 'node:net';
    import { setTimeout as sleep } from 'node:timers/promises';
    let server;
    async function start() {
      rmSync(${JSON.stringify(socket)}, { force: true });
      server = spawn('p11-kit', ${JSON.stringify(args)}, { stdio: 'ignore', detached: true });
      while (!(await answers())) await sleep(10);
    }
    // The file of the socket is there before the server listens.
    async function answers() {
      const connection = connect(${JSON.stringify(socket)});
      const outcome = await once(connection, 'connect').then(() => true, () => false);
      connection.destroy();
      return outcome;
    }
    async function kill() {
      const gone = once(server, 'exit');
      process.kill(-server.pid, 'SIGKILL');
      await gone;
    }
    let asked = 0;
    const init = { ...${JSON.stringify(init)}, pin: async () => { asked += 1; return ${JSON.stringify(PIN)}; } };
    const text = Buffer.from('a message');
    const codeOf = (promise) => promise.then(() => 'done', (error) => error.code);
    const printed = [];
    await start();
    ${body}
    await kill();
    console.log(JSON.stringify(printed));`;
  const run = await runScript(script, { ...token.env, P11_KIT_SERVER_ADDRESS: `unix:path=${socket}` });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(run.stdout);
}

describe('a token that is served by p11-kit', () => {
  test('is away while the server is, and is used again when it is back, with the PIN that was asked once', async () => {
    const printed = await printedBy(`
      const provider = fromPkcs11(init);
      const { key } = await provider();
      printed.push(await codeOf(key.sign(text)));
      await kill();
      printed.push(await codeOf(key.sign(text)), await codeOf(provider()));
      await start();
      printed.push(await codeOf(key.sign(text)), await codeOf(provider()), asked);
      await provider.close();`);
    expect(printed).toEqual(['done', 'SIGNING_FAILED', 'IDENTITY_UNAVAILABLE', 'done', 'done', 1]);
  });

  test('is used again by signatures that were asked for at once, after a new server took over', async () => {
    const printed = await printedBy(`
      const provider = fromPkcs11(init);
      const { key } = await provider();
      await kill();
      await start();
      const codes = await Promise.all(Array.from({ length: 40 }, () => codeOf(key.sign(text))));
      printed.push([...new Set(codes)], asked);
      await provider.close();`);
    expect(printed).toEqual([['done'], 1]);
  });

  test('is used again by each of two identities', async () => {
    const printed = await printedBy(`
      const [first, second] = [fromPkcs11(init), fromPkcs11(init)];
      const keys = [(await first()).key, (await second()).key];
      await kill();
      await start();
      for (const key of [...keys, ...keys]) printed.push(await codeOf(key.sign(text)));
      await Promise.all([first.close(), second.close()]);`);
    expect(printed).toEqual(['done', 'done', 'done', 'done']);
  });

  test('ends signatures that are being made when the server is killed, and makes later ones', async () => {
    const printed = await printedBy(`
      const provider = fromPkcs11(init);
      const { key } = await provider();
      await key.sign(text);
      const running = Array.from({ length: 200 }, () => codeOf(key.sign(text)));
      await Promise.race(running);
      await kill();
      const codes = new Set(await Promise.all(running));
      printed.push([...codes].every((code) => code === 'done' || code === 'SIGNING_FAILED'), codes.has('SIGNING_FAILED'));
      await start();
      printed.push(await codeOf(key.sign(text)));
      await provider.close();`);
    expect(printed).toEqual([true, true, 'done']);
  });

  test('does not hold the event loop when the server stops answering, and goes on when it answers again', async () => {
    const printed = await printedBy(`
      const provider = fromPkcs11(init);
      const { key } = await provider();
      await key.sign(text);
      for (const work of [() => key.sign(text), provider, () => fromPkcs11(init)()]) {
        process.kill(-server.pid, 'SIGSTOP');
        const outcome = codeOf(work());
        let turns = 0;
        for (; turns < 20; turns += 1) await sleep(5);
        printed.push(turns, await Promise.race([outcome, 'waits']));
        process.kill(-server.pid, 'SIGCONT');
        printed.push(await outcome);
      }
      await provider.close();`);
    expect(printed).toEqual([1, 2, 3].flatMap(() => [20, 'waits', 'done']));
  });
});

describe('without a module', () => {
  test('the token is found by the proxy of p11-kit, which has every module of the machine', async () => {
    const init = JSON.stringify({ certificate: `${token.uri};id=%01`, pin: PIN });
    // Other modules of the machine may write on stderr that their devices are not there.
    const { exitCode, stdout } = await runScript(
      `const provider = fromPkcs11(${init});
       const { key } = await provider();
       console.log((await key.sign(Buffer.from('x'))).length);
       await provider.close();`,
      token.env,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '256\n' });
  });
});
