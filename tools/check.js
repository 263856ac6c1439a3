/**
 * `npm test`: everything the project promises about itself, cheapest check last to be forgotten first to fail.
 * Each step prints one line; a failing step prints what it found. Jest runs last, so its closing line is the last one.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.js';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const tool = (name, ...args) => [process.execPath, join(root, 'tools', name), ...args];

/** Steps of one group run at the same time; a group starts when the one before is through. */
const groups = [
  [
    ['build', tool('build.js')],
    ['format', [bin('prettier'), '--check', '--log-level', 'warn', '.']],
  ],
  [
    ['types', [bin('tsc'), '--noEmit']],
    ['lint', [bin('oxlint'), '--type-aware', '--deny-warnings']],
    ['floors', [bin('depcruise'), 'packages/*/src', '--config', '.dependency-cruiser.cjs']],
    ['unused code', [bin('knip'), '--no-progress']],
    ['sizes and homes', tool('check-sources.js')],
    ['API reports', tool('check-api.js')],
    ['packages', tool('check-packages.js')],
    ['documents', tool('check-docs.js')],
  ],
];

const started = Date.now();
for (const group of groups) await runGroup(group);
await runJest(process.argv.slice(2));

async function runGroup(steps) {
  const waiting = [...steps];
  let failed = false;
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const [name, command] = step;
      const { code, output, seconds } = await capture(command);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (code !== 0) console.log(output);
      failed ||= code !== 0;
    }
  };
  await Promise.all([worker(), worker()]);
  if (failed) process.exit(1);
}

function capture([command, ...args]) {
  const since = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, seconds: secondsSince(since) }));
  });
}

async function runJest(args) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // Not by NODE_OPTIONS, which would leak into every child process that a test starts.
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  console.log(`checks passed in ${secondsSince(started)} s; now the tests`);
  const child = spawn(process.execPath, [...node, jest, ...args], { cwd: root, stdio: 'inherit' });
  child.on('close', (code) => process.exit(code ?? 1));
}

function secondsSince(time) {
  return ((Date.now() - time) / 1000).toFixed(1);
}
