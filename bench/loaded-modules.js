/** Prints, as JSON, the address of every module file that importing the provider loads. Not timed: hooks are slow. */
import { register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const hooks = `
  let port;
  export const initialize = (data) => { port = data.port; };
  export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };
`;
const { port1, port2 } = new MessageChannel();
register(`data:text/javascript,${encodeURIComponent(hooks)}`, {
  data: { port: port2 },
  transferList: [port2],
});
const loaded = [];
port1.on('message', (url) => loaded.push(url));
await import('@rolesanywhere/credential-provider');
setImmediate(() => {
  console.log(JSON.stringify(loaded));
  port1.close();
});
