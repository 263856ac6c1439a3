/**
 * The floors of the house: who may import whom, and where each effect has its home.
 * docs/architecture.md draws the same picture. Imports go downward only.
 */
const packages = (names) => `^packages/(${names.join('|')})/`;
const FLOORS = [
  ['signer', 'pki'],
  [
    'credential-provider',
    'identity-pkcs11',
    'identity-pkcs12',
    'identity-tpm',
    'identity-spiffe',
    'emulator',
  ],
  ['doctor', 'aws-stand-in'],
  ['cli'],
];

const upward = FLOORS.slice(0, -1).map((names, index) => ({
  name: `floor-${index + 1}-looks-up`,
  severity: 'error',
  comment: `${names.join(', ')} may not import from the floors above.`,
  from: { path: packages(names) },
  to: { path: packages(FLOORS.slice(index + 1).flat()) },
}));

const neighbours = FLOORS.flatMap((names) =>
  names.map((name) => ({
    name: `${name}-imports-a-neighbour`,
    severity: 'error',
    comment: 'Packages of one floor do not import each other.',
    from: { path: packages([name]) },
    to: { path: packages(names.filter((other) => other !== name).concat('nothing')) },
  })),
);

/** The judge shares nothing with the judged, or it would prove nothing. */
const independence = [
  {
    name: 'the-judge-is-independent',
    severity: 'error',
    comment: 'emulator, aws-stand-in and pki share no code with the signer or the AWS SDK.',
    from: { path: packages(['emulator', 'aws-stand-in', 'pki']) },
    to: { path: '(^packages/(signer|credential-provider)/|node_modules/(@smithy|@aws-crypto|@aws-sdk)/)' },
  },
  {
    name: 'emulator-stands-on-pki-alone',
    comment: 'And on noble for ML-DSA, an optional peer, where Node has none.',
    severity: 'error',
    from: { path: packages(['emulator']) },
    to: { path: 'node_modules/', pathNot: 'node_modules/(@types/|@noble/post-quantum)' },
  },
];

const homes = [
  {
    name: 'files-of-signer',
    severity: 'error',
    comment: 'In signer only read-file.ts touches files.',
    from: { path: packages(['signer']), pathNot: 'identity/read-file\\.ts$' },
    to: { path: '^(node:)?fs(/|$)' },
  },
  {
    name: 'crypto-of-signer',
    severity: 'error',
    comment:
      'In signer only platform/node.ts knows node:crypto, and only platform/web.ts the libraries that replace it.',
    from: { path: packages(['signer']), pathNot: '/platform/' },
    to: {
      path: '(^(node:)?(crypto|buffer|util|tls)$|node_modules/(@aws-crypto|pkijs|asn1js)/)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'network-of-credential-provider',
    severity: 'error',
    comment: 'In credential-provider only transport/ opens connections.',
    from: { path: packages(['credential-provider']), pathNot: '/transport/' },
    to: {
      path: '(^(node:)?(http|https|net|tls|http2|dns)$|node_modules/@smithy/node-http-handler/)',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'files-of-credential-provider',
    severity: 'error',
    comment: 'In credential-provider only cache/ and config/ touch files.',
    from: { path: '^packages/credential-provider/src/', pathNot: '/(cache|config)/' },
    to: { path: '^(node:)?fs(/|$)' },
  },
  {
    name: 'no-network-in-signer-and-pki',
    severity: 'error',
    comment: 'node:net is let through for its isIP().',
    from: { path: packages(['signer', 'pki']) },
    to: { path: '^(node:)?(http|https|tls|http2|dns)$' },
  },
  {
    name: 'no-circle',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'sources-do-not-import-tests',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/' },
    to: { path: '/test/' },
  },
  {
    name: 'no-unresolvable',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/' },
    // pkcs11js is an optional native add-on: a machine without a compiler does not have it.
    to: { couldNotResolve: true, pathNot: '^pkcs11js$' },
  },
];

module.exports = {
  forbidden: [...upward, ...neighbours, ...independence, ...homes],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(node_modules/|/dist/)' },
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
