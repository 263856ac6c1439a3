/** Prints the bytes of heap that one more provider with a session takes. Started with `--expose-gc`. */
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { optionsForEmulator } from './cached-call.js';

const PROVIDERS = 1000;

const options = await optionsForEmulator();
// The emulator keeps what it gave out, which is not the provider's: with the same answer for all there is nothing to keep.
const { response } = await recorded();
const requestHandler = { handle: async () => ({ response }) };
const create = async () => {
  const provider = fromRolesAnywhere({ ...options, clientConfig: { requestHandler } });
  await provider();
  return provider;
};
await create();
const before = heap();
const providers = [];
for (let count = 0; count < PROVIDERS; count += 1) providers.push(await create());
const bytes = (heap() - before) / PROVIDERS;
console.log(JSON.stringify({ bytes, kept: providers.length }));

/** One answer of the emulator, with its body as text. */
async function recorded() {
  let answer;
  const { handle } = options.clientConfig.requestHandler;
  const recorder = {
    handle: async (...call) => {
      const { response: given } = await handle(...call);
      const body = Buffer.concat(await given.body.toArray()).toString();
      answer = { response: { ...given, body } };
      return answer;
    },
  };
  await fromRolesAnywhere({ ...options, clientConfig: { requestHandler: recorder } })();
  return answer;
}

function heap() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
