import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { eventChannels } from '@rolesanywhere/credential-provider';

/** All that credential providers tell: to their logger, and on the channels. */
export interface ToldByProvider {
  readonly logger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error', (...content: unknown[]) => void>;
  /** Stops listening; answers what was told since the beginning. */
  end(): readonly unknown[];
}

/** Listens until its `end`. */
export function listenToProvider(): ToldByProvider {
  const told: unknown[] = [];
  const write = (...content: unknown[]): void => void told.push(content);
  const channels = Object.values(eventChannels);
  for (const name of channels) subscribe(name, write);
  return {
    logger: { trace: write, debug: write, info: write, warn: write, error: write },
    end() {
      for (const name of channels) unsubscribe(name, write);
      return told;
    },
  };
}
