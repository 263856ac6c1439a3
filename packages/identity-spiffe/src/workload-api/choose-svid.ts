import type { SvidSelector } from '../from-spiffe-init.js';
import type { X509Svid } from './x509-svid-response.js';

/**
 * The first X.509-SVID that fits: the operator puts the default identity first, and of several with one hint the first counts.
 *
 * @see SPIFFE Workload API §5.2.1, §5.3
 */
export function chooseSvid(svids: readonly X509Svid[], selector: SvidSelector): X509Svid | undefined {
  const { spiffeId, hint } = selector;
  return svids.find(
    (svid) =>
      (spiffeId === undefined || svid.spiffeId === spiffeId) && (hint === undefined || svid.hint === hint),
  );
}

const SHOWN = 10;

/**
 * Says what was wanted and what there is: "has no X.509-SVID with spiffe://a.org/x. It has: spiffe://a.org/y (hint internal)."
 */
export function describeLack(svids: readonly X509Svid[], { spiffeId, hint }: SvidSelector): string {
  const wanted = [spiffeId, hint === undefined ? undefined : `the hint ${quote(hint)}`]
    .filter((part) => part !== undefined)
    .join(' and ');
  const found = svids
    .slice(0, SHOWN)
    .map((svid) => (svid.hint === '' ? svid.spiffeId : `${svid.spiffeId} (hint ${quote(svid.hint)})`));
  const more = svids.length > SHOWN ? ` and ${svids.length - SHOWN} more` : '';
  return `has no X.509-SVID with ${wanted} for this workload. It has: ${found.join(', ')}${more}. Correct the option, or register the workload there.`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
