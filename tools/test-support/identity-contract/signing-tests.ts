import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { IdentityUnderTest } from './identity-under-test.js';
import { verifies } from './verifies.js';

/** What is given and what is signed. */
export function signingTests(subject: () => IdentityUnderTest): void {
  const signed = async (message: Uint8Array): Promise<boolean> => {
    const { key } = await subject().provider();
    return verifies(subject().certificatePem, message, await key.sign(message));
  };

  // First, so that the key has not proven itself yet.
  test('signs 200 messages at once, each as it was in a buffer that is used again', async () => {
    const { key } = await subject().provider();
    const messages = Array.from({ length: 200 }, (_, index) => Buffer.from(`message ${index}`));
    const buffer = Buffer.alloc(20);
    const signatures = await Promise.all(
      messages.map((message) => key.sign(buffer.subarray(0, message.copy(buffer)))),
    );
    const verdicts = messages.map((message, index) =>
      verifies(subject().certificatePem, message, signatures[index] ?? new Uint8Array()),
    );
    expect(verdicts).toEqual(messages.map(() => true));
  });

  test('gives certificate and chain as they were put in', async () => {
    const identity = await subject().provider();
    const leaf = new X509Certificate(subject().certificatePem);
    expect(Buffer.from(identity.certificate.der)).toEqual(leaf.raw);
    expect(identity.certificate.serialNumber).toBe(BigInt(`0x${leaf.serialNumber}`));
    const chain = (subject().chainPem ?? []).map((pem) => new X509Certificate(pem).raw);
    expect(identity.chain.map(({ der }) => Buffer.from(der))).toEqual(chain);
    expect(identity.expiration.getTime()).toBeLessThanOrEqual(Date.parse(leaf.validTo));
  });

  test('gives the same identity to every call while nothing has changed', async () => {
    const calls = Array.from({ length: 50 }, () => subject().provider());
    const identities = [...(await Promise.all(calls)), await subject().provider()];
    expect(new Set(identities.map(({ certificate }) => certificate)).size).toBe(1);
    expect(new Set(identities.map(({ key }) => key)).size).toBe(1);
  });

  test('signs the bytes that it is given, whatever they are', async () => {
    const texts = ['', '\0', 'AWS4-X509', '¡Hola!'.repeat(10_000)];
    for (const text of texts) expect(await signed(Buffer.from(text))).toBe(true);
    expect(await signed(Uint8Array.from({ length: 256 }, (_, octet) => octet))).toBe(true);
  });

  test('signs a part of a larger buffer as that part', async () => {
    const whole = new Uint8Array(300).map((_, index) => index);
    expect(await signed(whole.subarray(7, 207))).toBe(true);
    expect(await signed(Buffer.from(whole.buffer, 100, 1))).toBe(true);
  });
}
