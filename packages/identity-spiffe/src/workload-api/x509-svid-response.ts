import { isSpiffeId } from '../spiffe-id.js';
import { type LengthDelimitedField, ProtobufError, readFields } from './protobuf.js';
import { WorkloadApiError } from './workload-api-error.js';

/** An X.509-SVID as the Workload API gives it. */
export interface X509Svid {
  readonly spiffeId: string;
  /** DER, the leaf first, one after the other. */
  readonly certificates: Uint8Array;
  /** PKCS#8 DER, unencrypted. */
  readonly privateKey: Uint8Array;
  /** What the operator says this identity is for; empty: nothing. */
  readonly hint: string;
}

/** Far more than a workload is ever given, and few enough to look through at once. */
const MAXIMUM_SVIDS = 1000;
/** Revocation lists and federated bundles are fields of the response, too. */
const MAXIMUM_RESPONSE_FIELDS = 10_000;
/** There are five. */
const MAXIMUM_SVID_FIELDS = 20;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `X509SVIDResponse`; its `crl` (2) and `federated_bundles` (3) are for those who verify. */
const RESPONSE_FIELD = { svids: 1 } as const;
/** `X509SVID`; its `bundle` (4) is for those who verify: the service has its own trust anchor. */
const SVID_FIELD = { spiffeId: 1, x509Svid: 2, x509SvidKey: 3, hint: 5 } as const;

/**
 * The X.509-SVIDs of a message, in their order; at least one. Fields that are not known are passed over.
 *
 * @throws WorkloadApiError `foreign` when it is no such message, or a mandatory field is empty: it is to be discarded as a
 *   whole
 * @see SPIFFE Workload API §4.5, §5.2.1
 */
export function parseX509SvidResponse(message: Uint8Array): readonly X509Svid[] {
  let svids: readonly X509Svid[];
  try {
    svids = svidMessages(message).map(parseSvid);
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw new WorkloadApiError(
      'foreign',
      `sent a message that is no X509SVIDResponse: ${cause.message}. Check that it is a Workload API.`,
      cause,
    );
  }
  if (svids.length > 0) return svids;
  throw new WorkloadApiError(
    'foreign',
    'sent a message without any X.509-SVID. Look into the log of the agent.',
  );
}

function parseSvid(message: Uint8Array): X509Svid {
  const fields = readFields(message, MAXIMUM_SVID_FIELDS);
  const svid = {
    spiffeId: textOf(lastOf(fields, SVID_FIELD.spiffeId)),
    certificates: lastOf(fields, SVID_FIELD.x509Svid),
    privateKey: lastOf(fields, SVID_FIELD.x509SvidKey),
    hint: textOf(lastOf(fields, SVID_FIELD.hint)),
  };
  if (!isSpiffeId(svid.spiffeId))
    throw new ProtobufError('an X.509-SVID has no SPIFFE ID, or none that is right');
  if (svid.certificates.length > 0 && svid.privateKey.length > 0) return svid;
  throw new ProtobufError('an X.509-SVID lacks its certificates or its key');
}

function svidMessages(response: Uint8Array): Uint8Array[] {
  const contents = readFields(response, MAXIMUM_RESPONSE_FIELDS)
    .filter((field) => field.number === RESPONSE_FIELD.svids)
    .map(({ content }) => content);
  if (contents.length <= MAXIMUM_SVIDS) return contents;
  throw new ProtobufError(`more than ${MAXIMUM_SVIDS} X.509-SVIDs`);
}

/** Of a field that is not repeated the last one counts; one that is not there is empty. */
function lastOf(fields: readonly LengthDelimitedField[], number: number): Uint8Array {
  return fields.findLast((field) => field.number === number)?.content ?? new Uint8Array();
}

function textOf(octets: Uint8Array): string {
  try {
    return UTF8.decode(octets);
  } catch {
    throw new ProtobufError('a text is not UTF-8');
  }
}
