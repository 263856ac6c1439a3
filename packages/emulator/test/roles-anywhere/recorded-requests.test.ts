import { describe, expect, test } from '@jest/globals';
import { parseCertificate, type Certificate } from '@rolesanywhere/pki';
import { createEmulator, parseLongDate, type Verdict } from '../../src/index.js';
import {
  headerOf,
  rawRequestOf,
  recordedRequests,
  type RecordedRequest,
} from '../sigv4/recorded-requests.js';

const decode = (base64: string): Certificate => parseCertificate(Buffer.from(base64, 'base64'));
const chainOf = (recorded: RecordedRequest): readonly Certificate[] =>
  headerOf(rawRequestOf(recorded), 'x-amz-x509-chain')
    .split(',')
    .filter((entry) => entry !== '')
    .map(decode);

/** Two CAs of one name were used, so name and key identifier count. */
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const nameOf = (ca: Certificate): string => `${ca.subject.text} ${hex(ca.subjectKeyIdentifier)}`;
const issuerNameOf = (certificate: Certificate): string =>
  `${certificate.issuer.text} ${hex(certificate.authorityKeyIdentifier)}`;

const authorities = new Map(
  recordedRequests
    .flatMap(chainOf)
    .filter(({ basicConstraints }) => basicConstraints?.ca === true)
    .map((certificate) => [nameOf(certificate), certificate]),
);

/** The topmost CA of the request's own path that is in any of the files; not every root is. */
function anchorFor(recorded: RecordedRequest): Certificate | undefined {
  const chain = new Map(chainOf(recorded).map((certificate) => [nameOf(certificate), certificate]));
  let top = decode(headerOf(rawRequestOf(recorded), 'x-amz-x509'));
  for (
    let next = chain.get(issuerNameOf(top));
    next && nameOf(next) !== nameOf(top);
    next = chain.get(issuerNameOf(top))
  ) {
    top = next;
  }
  return authorities.get(issuerNameOf(top)) ?? authorities.get(nameOf(top));
}

const pemOf = (certificate: Certificate): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate.der).toString('base64')}\n-----END CERTIFICATE-----\n`;

/** Sets up the account that the request was written for, and sends it at its own date. */
async function replay(recorded: RecordedRequest, anchor: Certificate): Promise<Verdict | undefined> {
  const request = rawRequestOf(recorded);
  const query = new URLSearchParams(recorded.request.rawQuery);
  const [trustAnchorArn, profileArn, roleArn] = ['trustAnchorArn', 'profileArn', 'roleArn'].map(
    (name) => query.get(name) ?? '',
  );
  const [, partition = '', , , accountId = ''] = (trustAnchorArn ?? '').split(':');
  const verdicts: Verdict[] = [];
  const emulator = createEmulator({
    partition,
    region: signedRegionOf(recorded),
    accountId,
    clock: () => parseLongDate(headerOf(request, 'x-amz-date')) ?? new Date(0),
    evaluateTrustPolicy: false,
    allowPlusInRoleSessionName: true,
    onVerdict: (verdict) => verdicts.push(verdict),
  });
  emulator.createTrustAnchor({
    name: 'ca',
    certificates: pemOf(anchor),
    trustAnchorId: trustAnchorArn?.split('/')[1] ?? '',
  });
  emulator.createProfile({
    name: 'p',
    roleArns: [roleArn ?? ''],
    durationSeconds: 43_200,
    acceptRoleSessionName: true,
    profileId: profileArn?.split('/')[1] ?? '',
  });
  await emulator.handle(request);
  return verdicts[0];
}

const signedRegionOf = (recorded: RecordedRequest): string =>
  recorded.expected.stringToSign.split('\n')[2]?.split('/')[1] ?? '';

const isForOwnRegion = (recorded: RecordedRequest): boolean =>
  recorded.request.rawQuery.includes(encodeURIComponent(`:rolesanywhere:${signedRegionOf(recorded)}:`));

const named = (requests: readonly RecordedRequest[]) =>
  requests.map((recorded) => [recorded.name, recorded] as const);
const anchored = recordedRequests.filter((recorded) => anchorFor(recorded) !== undefined);
const rootless = recordedRequests.filter((recorded) => anchorFor(recorded) === undefined);

describe('requests recorded from aws_signing_helper', () => {
  test('most of them have their CA in the files', () => {
    expect(anchored.length).toBeGreaterThanOrEqual(15);
    expect(rootless.length).toBeLessThanOrEqual(14);
  });

  test.each(named(anchored.filter(isForOwnRegion)))(
    '%s is accepted at its own date, with its own canonical request',
    async (_, recorded) => {
      const anchor = anchorFor(recorded);
      expect(anchor && (await replay(recorded, anchor))).toMatchObject({
        outcome: 'accepted',
        signature: {
          canonicalRequest: recorded.expected.canonicalRequest,
          stringToSign: recorded.expected.stringToSign,
        },
      });
    },
  );

  test.each(named(anchored.filter((recorded) => !isForOwnRegion(recorded))))(
    '%s, signed for another region than its ARNs, passes the signature and finds no anchor there',
    async (_, recorded) => {
      const anchor = anchorFor(recorded);
      expect(anchor && (await replay(recorded, anchor))).toMatchObject({
        reason: 'TRUST_ANCHOR_NOT_FOUND',
        signature: { stringToSign: recorded.expected.stringToSign },
      });
    },
  );

  test.each(named(rootless))(
    '%s, whose CA is in no file, passes the signature and stops at the path',
    async (_, recorded) => {
      const [foreign] = authorities.values();
      expect(foreign && (await replay(recorded, foreign))).toMatchObject({
        reason: 'NO_PATH_TO_TRUST_ANCHOR',
        signature: { stringToSign: recorded.expected.stringToSign },
      });
    },
  );
});
