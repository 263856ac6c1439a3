import { arch, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What says which library is the module. */
export interface ModuleChoice {
  /** A path, or a file name that the loader of the system finds. */
  readonly path?: string | undefined;
  /** A name without `lib` and ending. */
  readonly name?: string | undefined;
}

/** The machine, for the names that libraries have on it. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
}

const ENDINGS: Readonly<Record<string, string>> = { win32: '.dll', darwin: '.dylib' };
const TRIPLETS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ia32: 'i386-linux-gnu',
  ppc64: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
};
const PROXY = 'p11-kit-proxy';

/**
 * The files to try, in order. A path is taken as it is; with a name beside it, it may be the folder of the library
 * (RFC 7512 §2.3 does not say which). Default: p11-kit's proxy, which offers every module that is configured on the machine.
 */
export function modulePaths({ path, name }: ModuleChoice, machine: Machine = here()): readonly string[] {
  if (path !== undefined && name !== undefined)
    return [path, ...fileNames(name, machine).map((file) => join(path, file))];
  if (path !== undefined) return [path];
  const files = fileNames(name ?? PROXY, machine);
  // Where a file is can be seen; what the loader of the system finds can only be tried.
  return [...folders(machine).flatMap((folder) => files.map((file) => join(folder, file))), ...files];
}

/** Whether a file can be looked for before it is loaded: a bare name is found by the loader of the system. */
export function isFilePath(path: string): boolean {
  return isAbsolute(path) || path.includes('/') || path.includes('\\');
}

/** The case of a name says nothing (RFC 7512 §2.3), and files are mostly in lower case. */
function fileNames(name: string, machine: Machine): readonly string[] {
  const ending = ENDINGS[machine.platform] ?? '.so';
  const prefixes = machine.platform === 'win32' ? [''] : ['', 'lib'];
  const names = [...new Set([name, name.toLowerCase()])];
  return names.flatMap((each) => prefixes.map((prefix) => `${prefix}${each}${ending}`));
}

function folders(machine: Machine): readonly string[] {
  if (machine.platform === 'win32') return [];
  if (machine.platform === 'darwin')
    return ['/opt/homebrew/lib', '/opt/homebrew/lib/pkcs11', '/usr/local/lib', '/usr/local/lib/pkcs11'];
  const libraries = [
    `/usr/lib/${TRIPLETS[machine.arch] ?? machine.arch}`,
    '/usr/lib64',
    '/usr/lib',
    '/usr/local/lib',
  ];
  return libraries.flatMap((folder) => [`${folder}/pkcs11`, folder]).concat('/usr/lib/softhsm');
}

function here(): Machine {
  return { platform: platform(), arch: arch() };
}
