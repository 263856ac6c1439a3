#!/usr/bin/env node
import { runCommandLine } from './run-command-line.js';

/** The version in package.json, put here by the build. */
// oxlint-disable-next-line no-underscore-dangle -- the name that a reader knows for what a bundler puts in
declare const __VERSION__: string;

// Whoever reads stdout may be gone: that is a failure, and no reason for a stack trace.
process.stdout.on('error', () => {
  process.exitCode = 1;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  env: process.env,
  version: __VERSION__,
});
