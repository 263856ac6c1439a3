import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Addon } from '../../src/module/load-addon.js';
import type { AddonClass } from '../../src/module/addon.js';

/**
 * A file in the place of the add-on, for what no real module does on demand: ending the thread, answering slowly. It writes
 * its calls into `calls` beside it.
 */
const SOURCE = `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
exports.PKCS11 = class {
  note(name) { appendFileSync(join(__dirname, 'calls'), name + '\\n'); }
  load(path) { if (path === 'none.so') throw new Error('none.so: cannot open'); }
  C_Initialize() { this.note('C_Initialize'); }
  C_Finalize() { this.note('C_Finalize'); }
  C_GetInfo() { return { manufacturerID: 'a', libraryDescription: 'b', libraryVersion: { major: 1, minor: 2 } }; }
  C_GetSlotList() { return [new Uint8Array(8)]; }
  C_CloseSession() { process.exit(0); }
  C_Logout() { throw Object.assign(new Error('CKR_USER_NOT_LOGGED_IN'), { code: 0x101 }); }
  C_SignInit() { this.note('C_SignInit'); }
  async C_SignAsync(session, data, output) { output.set(data); return output.subarray(0, data.length); }
};`;

/** The stand-in in a new folder, where its calls are written too. */
export function standInAddon(): { readonly addon: Addon; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'addon-'));
  const path = join(folder, 'addon.cjs');
  writeFileSync(path, SOURCE);
  writeFileSync(join(folder, 'calls'), '');
  // Of the class only `load` is called in this thread.
  const Module = class {
    load(): void {}
  } as unknown as AddonClass;
  return { addon: { path, Module }, folder };
}
