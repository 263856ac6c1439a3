import type { Passphrase } from '@rolesanywhere/signer';
import type { CertificateSelector } from './selection/certificate-selector.js';

/** Where certificate and key are, and how to get at them. */
export interface FromPkcs11Init {
  /**
   * A `pkcs11:` URI of the certificate in the token, or the path of a PEM or DER file; others beside it in the file, in any
   * order, are taken as its chain.
   */
  readonly certificate: string;
  /**
   * A `pkcs11:` URI of the private key. Needed when `certificate` is a file. Default: the key with the id of the
   * certificate in the token, else with its label.
   */
  readonly privateKey?: string | undefined;
  /** Path of intermediates in any order. Default: those in the token that issued the certificate, or those in its file. */
  readonly chain?: string | undefined;
  /**
   * The PKCS#11 library: a path, or a file name that the system finds. Default: `module-path` or `module-name` of the URIs,
   * else p11-kit's proxy, which offers every module configured on the machine.
   */
  readonly module?: string | undefined;
  /**
   * What the module is told at its start (C_Initialize), for those that want it, such as `configDir='sql:/etc/pki/nssdb'` for NSS.
   * The identity that starts the module in the process decides. Default: nothing.
   */
  readonly moduleParameters?: string | undefined;
  /** The user PIN. A function is asked once. Default: `pin-value` or the file of `pin-source` in the URIs. */
  readonly pin?: Passphrase | undefined;
  /** Which of several certificates that the URI names. */
  readonly selector?: CertificateSelector | undefined;
  /** Of several certificates take the one that ends last. Default: false, several are an error unless they have one key. */
  readonly latestExpiring?: boolean | undefined;
  /**
   * Sessions with the token at the same time, 1 to 64. Each makes one signature at a time, in a thread of the pool that the
   * process also has for files. Default: 2.
   */
  readonly maxSessions?: number | undefined;
}
