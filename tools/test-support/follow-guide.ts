/** For `test-real`: a guide that goes on from the one about certificates, and then an example in the reader's folder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsWorld, startAwsWorld } from './aws-world.js';
import { type DocumentRun, readDocument, runDocument } from './run-document.js';
import { programOf } from './run-example.js';

export interface GuideInit {
  /** Path of the guide from the root. */
  readonly guide: string;
  readonly example: string;
  /** What the reader sets before running the example; may name variables of the shell. */
  readonly settings: string;
  /** The world in which the example uploads. Default: {@link startAwsWorld}. */
  enter?(trustAnchorPem: string): Promise<Pick<AwsWorld, 'env' | 'read' | 'close'>>;
}

export interface FollowedGuide extends Pick<DocumentRun, 'complaints'> {
  /** What the example uploaded. */
  readonly uploaded: string | undefined;
}

/** Follows the guide by copy and paste, runs the example, and compares what it prints. */
export async function followGuide(init: GuideInit): Promise<FollowedGuide> {
  const { guide, example, settings, enter = (trustAnchorPem) => startAwsWorld({ trustAnchorPem }) } = init;
  const cwd = mkdtempSync(join(tmpdir(), 'guide-'));
  const env = { TMPDIR: cwd, AWS_EC2_METADATA_DISABLED: 'true' };
  try {
    writeFileSync(join(cwd, 'objeto.txt'), '¡Hola!\n');
    await runDocument({ text: readDocument('docs/guides/certificates-with-openssl.md'), cwd, env });
    const world = await enter(readFileSync(join(cwd, 'ca.crt'), 'utf8'));
    try {
      const { complaints } = await runDocument({
        text: readDocument(guide) + lastStep(settings, programOf(example)),
        cwd,
        env: { ...env, ...world.env },
      });
      return { complaints, uploaded: complaints.length > 0 ? undefined : await world.read('objeto.txt') };
    } finally {
      await world.close();
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function lastStep(settings: string, program: string): string {
  const command = `${settings} '${process.execPath}' '${program}'`;
  const output = 'objeto.txt is now s3://your-bucket/objeto.txt';
  return `\n\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n${output}\n\`\`\`\n`;
}
