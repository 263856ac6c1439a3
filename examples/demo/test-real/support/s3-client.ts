import { S3Client } from '@aws-sdk/client-s3';

/** The parts of a session's credentials that sign. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A client for Ceph, which answers 411 to the checksum trailers that newer clients send by default. */
export function createS3Client(endpoint: string, keys: Keys | (() => Promise<Keys>)): S3Client {
  return new S3Client({
    region: 'us-east-1',
    endpoint,
    credentials: keys,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: 1,
  });
}

/** Has a client send each signed request to another path, as one in the middle could. Answers the same client. */
export function changePathAfterSigning(client: S3Client, path: string): S3Client {
  client.middlewareStack.add(
    (next) => (given) => {
      const signed = Object(given.request);
      return next({
        ...given,
        request: Object.assign(Object.create(Object.getPrototypeOf(signed)), signed, { path }),
      });
    },
    { step: 'deserialize', priority: 'low', name: 'changePathAfterSigning' },
  );
  return client;
}
