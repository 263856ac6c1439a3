/** `node tools/write-version.js`: after `changeset version`, puts the provider's new version where its User-Agent takes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.js';

const folder = join(root, 'packages', 'credential-provider');
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const file = join(folder, 'src', 'version.ts');
writeFileSync(file, readFileSync(file, 'utf8').replace(/'[^']+'/, `'${version}'`));
