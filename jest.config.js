/** Jest in ESM mode: pkijs and asn1js are ESM only. Tests import the sources of every package, never a build. */
export default {
  testEnvironment: 'node',
  // Machines are busy, and a large RSA key is found when it is found: the limit only ends what hangs.
  testTimeout: 60_000,
  // Modules of a test file are never freed: a process that ran hundreds of files grows to gigabytes, and its collector slows down
  // whatever comes last. So there are two, which are begun anew when they have grown.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  testMatch: ['<rootDir>/{packages,examples,tools}/**/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#platform$': '<rootDir>/packages/signer/src/platform/node.ts',
    '^#cache$': '<rootDir>/packages/credential-provider/src/cache/node.ts',
    '^#transport$': '<rootDir>/packages/credential-provider/src/transport/node.ts',
    '^@rolesanywhere/([a-z0-9-]+)$': '<rootDir>/packages/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['/dist/', '/\\.cjs/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  setupFiles: ['<rootDir>/tools/clean-environment.js', '<rootDir>/tools/fixed-seed.js'],
  coverageProvider: 'v8',
  reporters: ['default', '<rootDir>/tools/closing-line.js'],
};
