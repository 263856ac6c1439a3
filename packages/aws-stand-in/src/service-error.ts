/** An answer that is an error: thrown by an operation, written as XML by the handler of its service. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** As AWS spells it, for example `NoSuchBucket`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Further elements of the XML, for example the region a client should use. */
  readonly details: Readonly<Record<string, string>>;

  constructor(init: ServiceErrorInit) {
    super(init.message);
    this.code = init.code;
    this.status = init.status;
    this.details = init.details ?? {};
  }
}

/** Parts of a {@link ServiceError}. */
export interface ServiceErrorInit {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}
