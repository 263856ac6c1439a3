declare module 'proxy-from-env' {
  /** The proxy for a URL by `*_PROXY` and `NO_PROXY`; empty for none. */
  export function getProxyForUrl(url: string): string;
}
