import type { TpmCommand } from '../tpm/command.js';
import { type LoadedObject, flushContext, readPublic } from '../tpm/commands.js';
import { transientHandles } from '../tpm/get-capability.js';
import { isRefusal, isSlotsTaken } from '../tpm/tpm-error.js';
import type { CommandSender } from './command-sender.js';

/** How an object gets into one of the few slots of a TPM. */
export interface TransientLoading<Loaded> {
  readonly command: TpmCommand<Loaded>;
  /** The name that the object will have, in hexadecimal; undefined when it is not known before. */
  readonly expectedName: string | undefined;
  readonly objectOf: (loaded: Loaded) => LoadedObject;
}

/** What may still be in a slot of a TPM, because a connection was lost: names of objects, in hexadecimal. */
export type LeftBehind = Set<string>;

/**
 * Stands for an object that was made when the connection was lost, and never got known: when it is made again, its name
 * tells the one before.
 */
const NAMELESS = 'nameless';

/**
 * Loads an object, works with it and flushes it, whatever happens.
 *
 * @throws TpmError and what `work` throws
 */
export async function useTransient<Answer, Loaded>(
  { sender, leftBehind }: { readonly sender: CommandSender; readonly leftBehind: LeftBehind },
  { command, expectedName, objectOf }: TransientLoading<Loaded>,
  work: (loaded: Loaded) => Promise<Answer>,
): Promise<Answer> {
  if (expectedName !== undefined) leftBehind.add(expectedName);
  const loaded = await sender.execute(command).catch((error: unknown) => {
    // What takes the slots may be this very object, left by a process that was killed.
    if (isRefusal(error) && !isSlotsTaken(error)) leftBehind.delete(expectedName ?? '');
    else if (expectedName === undefined) leftBehind.add(NAMELESS);
    throw error;
  });
  const { handle, name } = objectOf(loaded);
  leftBehind.add(name);
  const flush = async (): Promise<void> => {
    await sender.execute(flushContext(handle));
    leftBehind.delete(name);
  };
  try {
    if (leftBehind.delete(NAMELESS)) await flushNamed(sender, new Set([name]), handle);
    const answer = await work(loaded);
    await flush();
    return answer;
  } catch (error) {
    // The first error is the one to tell; what is not flushed is still among those left behind.
    if (leftBehind.has(name)) await flush().catch(ignore);
    throw error;
  }
}

/** Flushes what earlier connections left. @throws TpmError */
export async function flushLeftBehind(sender: CommandSender, leftBehind: LeftBehind): Promise<void> {
  const names = [...leftBehind].filter((name) => name !== NAMELESS);
  if (names.length > 0) await flushNamed(sender, new Set(names));
  for (const name of names) leftBehind.delete(name);
}

/** By name, since after a restart the handles can be those of other objects, or of other programs. */
async function flushNamed(sender: CommandSender, names: ReadonlySet<string>, kept?: number): Promise<void> {
  const handles = await unlessRefused(sender, transientHandles());
  for (const handle of handles ?? []) {
    const found = handle === kept ? undefined : await unlessRefused(sender, readPublic(handle));
    if (found !== undefined && names.has(found.name)) await unlessRefused(sender, flushContext(handle));
  }
}

async function unlessRefused<Answer>(
  sender: CommandSender,
  command: TpmCommand<Answer>,
): Promise<Answer | undefined> {
  try {
    return await sender.execute(command);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function ignore(): void {
  // Told by another error.
}
