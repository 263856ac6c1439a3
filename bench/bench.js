/**
 * `npm run bench`: what is promised about speed, measured in one run and given as ratios, since machines are noisy.
 * `npm run bench -- --json` prints one JSON object of the same figures.
 */
import { cachedCall } from './cached-call.js';
import { loopHolds } from './loop-hold.js';
import { pemFilesFigures } from './pem-files.js';
import { pkcs11Figures } from './pkcs11.js';
import { pkcs12Ratios } from './pkcs12.js';
import { providerImport } from './provider-import.js';
import { providerMemory } from './provider-memory.js';
import { refreshRatios } from './refresh.js';
import { signRequestRatios } from './sign-request.js';
import { spiffeFigures } from './spiffe.js';
import { tpmRatios } from './tpm.js';

const figures = [
  ...(await signRequestRatios()),
  await cachedCall(),
  providerMemory(),
  ...providerImport(),
  ...(await refreshRatios()),
  ...loopHolds(),
  ...(await pemFilesFigures()),
  ...(await pkcs12Ratios()),
  ...(await pkcs11Figures()),
  ...(await tpmRatios()),
  ...(await spiffeFigures()),
];

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(Object.fromEntries(figures.map(({ name, value }) => [name, value]))));
} else {
  const rows = figures.map(({ what, value, unit, limit }) => [
    what,
    `${value} ${unit}`,
    limit === undefined ? '' : `at most ${limit}`,
    limit === undefined ? '' : value <= limit ? 'ok' : 'OVER',
  ]);
  print([['figure', 'measured', 'limit', ''], ...rows]);
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
}
