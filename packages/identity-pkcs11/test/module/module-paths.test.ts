import { describe, expect, test } from '@jest/globals';
import { isFilePath, modulePaths } from '../../src/module/module-paths.js';

const LINUX = { platform: 'linux', arch: 'x64' };

describe('the library', () => {
  test('of a path is that path alone', () => {
    expect(modulePaths({ path: '/usr/lib/hsm.so' }, LINUX)).toEqual(['/usr/lib/hsm.so']);
  });

  test('of a name is looked for with the endings and in the folders of the machine', () => {
    const paths = modulePaths({ name: 'softhsm2' }, LINUX);
    expect(paths.slice(-2)).toEqual(['softhsm2.so', 'libsofthsm2.so']);
    expect(paths).toContain('/usr/lib/x86_64-linux-gnu/pkcs11/libsofthsm2.so');
    expect(paths).toContain('/usr/lib/softhsm/libsofthsm2.so');
    expect(modulePaths({ name: 'a' }, { platform: 'win32', arch: 'x64' })).toEqual(['a.dll']);
    expect(modulePaths({ name: 'a' }, { platform: 'darwin', arch: 'arm64' })).toContain(
      '/opt/homebrew/lib/liba.dylib',
    );
    expect(modulePaths({ name: 'a' }, { platform: 'linux', arch: 'arm64' })).toContain(
      '/usr/lib/aarch64-linux-gnu/pkcs11/a.so',
    );
  });

  test('of a name is found whatever its case is', () => {
    expect(modulePaths({ name: 'SoftHSM2' }, LINUX)).toContain('/usr/lib/softhsm/libsofthsm2.so');
  });

  test('of a path and a name may be the name in that folder', () => {
    const paths = modulePaths({ path: '/opt/hsm', name: 'hsm' }, LINUX);
    expect(paths).toEqual(['/opt/hsm', '/opt/hsm/hsm.so', '/opt/hsm/libhsm.so']);
  });

  test('is by default the proxy of p11-kit', () => {
    expect(modulePaths({}, LINUX)[0]).toBe('/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-proxy.so');
    expect(modulePaths({}, LINUX)).toContain('p11-kit-proxy.so');
    expect(modulePaths({}).length).toBeGreaterThan(0);
  });

  test('is a file when it has a folder, else what the system finds', () => {
    expect(['/a/b.so', './b.so', 'a\\b.dll', 'b.so'].map(isFilePath)).toEqual([true, true, true, false]);
  });
});
