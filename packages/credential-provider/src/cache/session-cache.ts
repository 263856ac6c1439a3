/**
 * Where sessions are kept for other processes. Whatever it throws costs nobody a session: then the provider calls the service.
 * Its texts hold credentials: keep them where nobody else can read them. They are checked when they are read, so a spoilt or
 * expired one does no harm.
 */
export interface SessionCache {
  /** What was written last under this key, or undefined. */
  read(key: string): Promise<string | undefined>;
  /**
   * Keeps a text of about 2 KB under the key, which is 64 hexadecimal digits.
   * @param expiration - from then on, by this machine's clock, the text is of no use
   */
  write(key: string, text: string, expiration: Date): Promise<void>;
  /**
   * Takes the key's lock and gives its release; undefined when another holds it. Must not wait.
   * @param milliseconds - the longest that it will be held: whoever holds it longer has died
   */
  lock(key: string, milliseconds: number): Promise<(() => Promise<void>) | undefined>;
}
