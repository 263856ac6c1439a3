import { createRequire } from 'node:module';
import { IdentityError } from '@rolesanywhere/signer';
import type { AddonClass } from './addon.js';

/** The native add-on. */
export interface Addon {
  /** Its file, for a thread that loads it too. */
  readonly path: string;
  readonly Module: AddonClass;
}

const HOW_TO_GET_IT =
  'It is compiled when it is installed: install a compiler and Python (Debian: apt-get install build-essential python3; Fedora: dnf install gcc-c++ make python3; macOS: xcode-select --install), then run `npm install pkcs11js` without --ignore-scripts (pnpm: allow its build script).';

/**
 * The native add-on, loaded at the first use: without it everything else works.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when it is not installed, was not compiled, or is for another machine; or when it
 *   was bundled into the application, where a thread cannot load it from
 */
export async function loadAddon(): Promise<Addon> {
  let addon: { readonly PKCS11: unknown };
  try {
    ({ default: addon } = await import('pkcs11js'));
  } catch (cause) {
    throw addonError(cause);
  }
  if (!isAddonClass(addon.PKCS11)) throw addonError(new TypeError('the package has no class PKCS11'));
  const path = fileOf(addon);
  if (path === undefined) throw bundledError();
  return { path, Module: addon.PKCS11 };
}

/** CommonJS modules know their files, whichever way they were loaded. */
function fileOf(exported: unknown): string | undefined {
  const modules = Object.values(createRequire('/').cache);
  return modules.find((module) => module?.exports === exported)?.filename;
}

function bundledError(): IdentityError {
  const message =
    'PKCS#11 needs the native add-on `pkcs11js` as a package of its own, and it was bundled into the application. Name it as external to the bundler, and install it beside the application.';
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

/** The class has the methods of the standard, by its own typings. */
function isAddonClass(value: unknown): value is AddonClass {
  return typeof value === 'function';
}
/** Why the add-on is not there, in words that depend on what was missing. */
export function addonError(cause: unknown): IdentityError {
  const { code, message: text } = factsOf(cause);
  const isMissing =
    code === 'ERR_MODULE_NOT_FOUND' || (code === 'MODULE_NOT_FOUND' && !text.includes('.node'));
  const what = isMissing
    ? 'the optional package `pkcs11js` is not installed'
    : code === 'MODULE_NOT_FOUND'
      ? 'the package `pkcs11js` is there, but its native part was not compiled'
      : 'the native part of the package `pkcs11js` cannot be loaded here; see the cause';
  const message = `PKCS#11 needs a native add-on, and ${what}. ${HOW_TO_GET_IT}`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
}

function factsOf(cause: unknown): { readonly code: unknown; readonly message: string } {
  if (typeof cause !== 'object' || cause === null) return { code: undefined, message: '' };
  const code = 'code' in cause ? cause.code : undefined;
  return { code, message: 'message' in cause ? String(cause.message) : '' };
}
