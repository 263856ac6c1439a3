import type { FromPemFilesInit } from '@rolesanywhere/credential-provider';
import type { FindingCode } from '@rolesanywhere/pki';
import type { ToolWorkshop } from './tool-workshop.js';

export type KeyKind = 'RSA' | 'EC';

/** What a tool made, as it wrote it. */
export interface MadeElsewhere {
  /** PEM of the root. */
  readonly anchor: string;
  /** Files of a certificate that is right for the service. */
  readonly fit: FromPemFilesInit;
  /** Files of one that is not. */
  readonly unfit: FromPemFilesInit;
  /** PEM of the revocation list of the root. */
  readonly revocationList?: string;
}

/** How a tool is used. */
export interface OtherMaker {
  readonly tool: string;
  /** What is wrong with the certificate that is not right for the service, in words. */
  readonly fault: string;
  /** The same as the emulator and the judge name it. */
  readonly reason: FindingCode;
  make(workshop: ToolWorkshop, kind: KeyKind): Promise<MadeElsewhere>;
}
