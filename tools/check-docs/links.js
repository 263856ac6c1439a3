/** Links that lead nowhere. Addresses outside are not asked, for there is no network in `npm test`: they must be well formed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../workspace.js';
import { withoutCode } from './documents.js';

/** @returns {string[]} a finding for each link of the document that leads nowhere */
export function deadLinks(file, text) {
  const prose = withoutCode(text);
  const targets = [...prose.matchAll(/\]\(([^)]*)\)/g), ...prose.matchAll(/<([a-z]+:[^>\s]*)>/g)];
  return targets
    .map(([, target]) => [target, complaintAbout(file, target)])
    .filter(([, complaint]) => complaint !== undefined)
    .map(([target, complaint]) => `${file}: the link ${target} ${complaint}`);
}

function complaintAbout(file, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target))
    return isAddress(target) ? undefined : 'is not a well-formed https address';
  const [path, anchor] = target.split('#');
  const linked = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(root, linked))) return 'leads nowhere';
  if (anchor === undefined || anchorsOf(readFileSync(join(root, linked), 'utf8')).includes(anchor))
    return undefined;
  return 'leads to no heading';
}

function isAddress(target) {
  if (!URL.canParse(target) || /\s/.test(target)) return false;
  const { protocol, hostname, username } = new URL(target);
  return protocol === 'https:' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname) && username === '';
}

/**
 * Files and folders of the project that a document names and that are not there, in code and pictures too: `tools/run.js`
 * from the root, `signer/src/x509` from `packages/`. What a build or a reader makes is not looked for.
 *
 * @returns {string[]} a finding for each
 */
export function namesOfNothing(file, text) {
  const named = [...text.matchAll(/(?<![\w/.@-])([\w-]+\/[\w./-]*\w)/g)].map(([, path]) => path);
  const places = readdirSync(join(root, 'packages'));
  return [...new Set(named)]
    .map((path) => (places.includes(path.split('/')[0]) ? `packages/${path}` : path))
    .filter((path) => /^(packages|tools|docs|examples|vectors|bench)\//.test(path))
    .filter((path) => !/\/(dist|my-server|node_modules)\b/.test(path) && !existsSync(join(root, path)))
    .map((path) => `${file}: there is no ${path}`);
}

/** The anchors that headings get, by the rule of the usual Markdown viewers; the second of two equal ones ends in `-1`. */
function anchorsOf(text) {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6}\s+(.+)$/gm)];
  const anchors = headings.map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
  return anchors.map((anchor, index) => {
    const earlier = anchors.slice(0, index).filter((other) => other === anchor).length;
    return earlier === 0 ? anchor : `${anchor}-${earlier}`;
  });
}
