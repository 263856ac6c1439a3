/** For `test-real`: a folder that a reader would take for a fresh checkout, built and installed. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folders in which readers make files of their own; everything else is linked to this workspace. */
const OWN = new Set(['examples', 'examples/demo']);

export interface Checkout {
  readonly folder: string;
  remove(): void;
}

/** Makes one. What is written beside its files stays in it. */
export function makeCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  fill(folder, '');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function fill(folder: string, inside: string): void {
  for (const name of readdirSync(join(root, inside))) {
    const path = inside === '' ? name : `${inside}/${name}`;
    const source = join(root, path);
    if (name === '.git' || name === 'my-server') continue;
    if (OWN.has(path)) {
      mkdirSync(join(folder, path));
      fill(folder, path);
    } else if (statSync(source).isDirectory()) {
      symlinkSync(source, join(folder, path));
    } else {
      copyFileSync(source, join(folder, path));
    }
  }
}
