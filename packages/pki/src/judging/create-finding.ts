import type { Certificate } from '../certificate/certificate.js';
import { shorten } from '../shorten.js';
import type { Finding, FindingCode, FindingGroup } from './finding.js';

interface FindingInit {
  readonly group: FindingGroup;
  readonly message: string;
  readonly certificate?: Certificate;
}

/** A finding that makes the verdict a refusal. */
export function refusal(code: FindingCode, init: FindingInit): Finding {
  return { code, severity: 'refusal', ...init };
}

/** A finding that does not. */
export function warning(code: FindingCode, init: FindingInit): Finding {
  return { code, severity: 'warning', ...init };
}

/** Names a certificate in a message: its subject, shortened where somebody made it long, and its serial number. */
export function describe({ subject, serialNumber }: Certificate): string {
  const name = subject.text === '' ? 'without a subject' : `"${shorten(subject.text)}"`;
  return `${name} (serial number ${shorten(serialNumber.toString(16))})`;
}
