/** What a fleet is told by its hosts. */
export interface HostReport {
  /** A new session, which ends at this time. */
  got(endsAt: number): void;
  /** A request of the application got no credentials. */
  failed(): void;
}

/** A machine with an application that needs credentials all the time. */
export interface Host {
  /** The application starts. */
  start(): void;
}
