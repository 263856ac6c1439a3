import { Readable } from 'node:stream';
import type { Emulator, Fault } from '@rolesanywhere/emulator';
import type { VirtualRuntime } from '../virtual-runtime.js';

type Handler = Pick<Emulator['requestHandler'], 'handle'>;

/** Faults that take their time in the body, which the emulator delivers on this machine's clock. */
export type BodyFault = Extract<Fault, { type: 'drip' | 'truncated' }>;

/** What a delivery is told. */
export interface DeliveryInit {
  readonly runtime: VirtualRuntime;
  /** The fault of the answer that is to be delivered now. */
  takeBodyFault(): BodyFault | undefined;
  /** Told the whole answer of the service, whatever becomes of it. */
  onAnswer(body: string): void;
}

/** The emulator's handler, with bodies that drip and break off on virtual time. */
export function deliverOnVirtualTime(handler: Handler, init: DeliveryInit): Handler {
  const { runtime } = init;
  return {
    handle: async (request, options) => {
      const { response } = await handler.handle(request, options);
      const fault = init.takeBodyFault();
      const body = await bytesOf(response.body);
      init.onAnswer(body.toString());
      if (fault === undefined) return { response: { ...response, body: Readable.from([body]) } };
      const signal = options?.abortSignal;
      const cut = (): boolean => signal?.aborted === true;
      return { response: { ...response, body: Readable.from(deliver(body, { fault, runtime, cut })) } };
    },
  };
}

interface Delivery {
  readonly fault: BodyFault;
  readonly runtime: VirtualRuntime;
  readonly cut: () => boolean;
}

async function* deliver(body: Uint8Array, { fault, runtime, cut }: Delivery): AsyncGenerator<Uint8Array> {
  if (fault.type === 'truncated') {
    yield body.subarray(0, fault.bytes);
    throw Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' });
  }
  const pieces = 20;
  const size = Math.ceil(body.length / pieces);
  for (let piece = 0; piece < pieces && !cut(); piece += 1) {
    await new Promise<void>((resolve) => {
      runtime.after(fault.milliseconds, resolve);
    });
    yield body.subarray(piece * size, (piece + 1) * size);
  }
}

async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
