import { expect } from '@jest/globals';
import { runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { decodeResponseCode } from '../src/tpm/response-code.js';

/** What tpm2-tools say about a code, as far as both say it: the part of the command, and whether it is a warning. */
async function decodedByTools(value: number): Promise<{ subject: string | undefined; isWarning: boolean }> {
  const { stdout } = await runCleanly(['tpm2_rc_decode', `0x${value.toString(16)}`]);
  const [, kind, number] = /(parameter|handle|session)\((\d+)\)/.exec(stdout) ?? [];
  return {
    subject: kind === undefined ? undefined : `${kind} ${number}`,
    isWarning: stdout.includes('tpm:warn'),
  };
}

testWith('REAL_TPM')(
  'takes response codes apart as tpm2_rc_decode does',
  async () => {
    const formatOne = [0x81, 0x84, 0x8b, 0x8e, 0x92, 0x95, 0x9f, 0xa2];
    const subjects = [0x100, 0x200, 0x700, 0x900, 0xa00, 0xf00, 0x140, 0x240, 0x740];
    const codes = [
      ...formatOne.flatMap((code) => subjects.map((subject) => code | subject)),
      0x100,
      0x101,
      0x120,
      0x143,
      0x155,
      0x901,
      0x902,
      0x903,
      0x910,
      0x918,
      0x920,
      0x921,
      0x922,
      0x923,
    ];
    for (const code of codes) {
      const { subject, isWarning } = decodeResponseCode(code);
      expect([code, { subject, isWarning }]).toEqual([code, await decodedByTools(code)]);
    }
  },
  60_000,
);
