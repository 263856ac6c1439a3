import { hasFiles } from './environment.js';

/** Puts the home directory in the place of a leading `~`, as a shell does. Other paths stay as they are. */
export async function expandHome(path: string): Promise<string> {
  if (!/^~(?=$|[\\/])/.test(path) || !hasFiles()) return path;
  const { getHomeDir } = await import('@smithy/shared-ini-file-loader');
  return getHomeDir() + path.slice(1);
}
