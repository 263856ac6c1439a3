/** What is known when a proxy gave no way to the endpoint. */
export interface ProxyErrorInit {
  /** Host and port, without user name and password. */
  readonly proxy: string;
  /** The proxy's answer to CONNECT; absent when it gave none. */
  readonly status?: number;
  /** In a few words of the proxy, or of the error underneath. */
  readonly reason?: string;
  /** Authentication schemes that it offers. */
  readonly schemes?: readonly string[];
  readonly cause?: unknown;
}

/** A proxy was not reached, or let nobody through. What it says is its own word, never the service's. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly proxy: string;
  readonly status: number | undefined;
  readonly reason: string;
  readonly schemes: readonly string[];

  constructor({ proxy, status, reason = '', schemes = [], cause }: ProxyErrorInit) {
    const said = reason.slice(0, 200);
    const what = status === undefined ? `failed: ${said}` : `refused the tunnel: ${status} ${said}`;
    super(`The proxy ${proxy} ${what}`, cause === undefined ? {} : { cause });
    this.proxy = proxy;
    this.status = status;
    this.reason = said;
    this.schemes = schemes;
  }
}
