import { Pkcs12Fault, malformed } from '../pkcs12-fault.js';

const BEGIN = '-----BEGIN ';
/** The label that GnuTLS writes. */
const PKCS12_BLOCK = /-----BEGIN PKCS12-----([\sA-Za-z0-9+/=]*)-----END PKCS12-----/;
const JKS_MAGIC = 'feedfeed';
const JCEKS_MAGIC = 'cececece';
const SEQUENCE = 0x30;

/**
 * The PKCS#12 structure in the bytes of a file, which may be PEM (`BEGIN PKCS12`). Things that are often given in its place
 * are told by name.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 */
export function containerBytes(data: Uint8Array): Uint8Array {
  if (data.length === 0) throw malformed('it is empty');
  if (data[0] === SEQUENCE) return data;
  const magic = Buffer.from(data.subarray(0, 4)).toString('hex');
  if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) {
    const advice =
      'Convert it: keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype pkcs12.';
    throw new Pkcs12Fault('KEY_UNSUPPORTED', `is a Java keystore of the old kind, not PKCS#12. ${advice}`);
  }
  const text = Buffer.from(data).toString('latin1');
  if (!text.includes(BEGIN)) throw malformed('it does not begin like a PKCS#12 file');
  const [, base64] = PKCS12_BLOCK.exec(text) ?? [];
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  if (text.includes(`${BEGIN}PKCS12-----`)) throw malformed('its PEM block has no end or is not base64');
  throw new Pkcs12Fault('PRIVATE_KEY_INVALID', 'is PEM, not PKCS#12. Use fromPemFiles or fromPem for it.');
}
