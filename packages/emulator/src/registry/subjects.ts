import type { Certificate } from '@rolesanywhere/pki';
import { randomUuid } from '../random.js';
import { resourceArn, type RegistryContext } from './resource-rules.js';

/** What the service keeps for each certificate subject that got a session. */
export interface Subject {
  readonly subjectArn: string;
  readonly subjectId: string;
  /** The subject in RFC 2253 text. */
  readonly x509Subject: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** Serial number of the certificate seen last. */
  readonly lastSerialNumber: bigint;
}

/** Subjects by the DER of their name: two certificates of one subject are one subject. */
export interface Subjects {
  readonly list: () => readonly Subject[];
  /** Notes that this certificate was used, and answers its subject. */
  readonly see: (certificate: Certificate) => Subject;
}

/** No subjects yet. */
export function createSubjects(context: RegistryContext): Subjects {
  const subjects = new Map<string, Subject>();
  return {
    list: () => [...subjects.values()],
    see: (certificate) => {
      const key = Buffer.from(certificate.subject.der).toString('base64');
      const seen = subjects.get(key) ?? newSubject(certificate, context);
      const subject = { ...seen, lastSeenAt: context.clock(), lastSerialNumber: certificate.serialNumber };
      subjects.set(key, subject);
      return subject;
    },
  };
}

function newSubject(certificate: Certificate, context: RegistryContext): Subject {
  const subjectId = randomUuid(context.random);
  const now = context.clock();
  return {
    subjectArn: resourceArn(context, 'subject', subjectId),
    subjectId,
    x509Subject: certificate.subject.text,
    createdAt: now,
    lastSeenAt: now,
    lastSerialNumber: certificate.serialNumber,
  };
}
