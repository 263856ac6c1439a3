import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { IdentityUnderTest, PassphraseUnderTest } from './identity-under-test.js';
import { asPromised, failureOf } from './told-failure.js';

const MESSAGE = Buffer.from('AWS4-X509');

/** For sources whose key something opens. */
export function passphraseTests(subject: () => IdentityUnderTest): void {
  test('asks for a passphrase once, however many calls there are', async () => {
    const { passphrase, certificatePem } = opened(subject());
    let asked = 0;
    const provider = passphrase.open(async () => {
      asked += 1;
      return passphrase.right;
    });
    const identities = await Promise.all(Array.from({ length: 20 }, () => provider()));
    const { key, certificate } = await provider();
    await Promise.all([key, ...identities.map((identity) => identity.key)].map((one) => one.sign(MESSAGE)));
    await provider.close?.();
    expect(Buffer.from(certificate.der)).toEqual(new X509Certificate(certificatePem).raw);
    expect(asked).toBe(1);
  });

  test('names a wrong passphrase as such, and tries it once', async () => {
    const { passphrase, secrets } = opened(subject());
    const [promised, before] = [asPromised({ code: 'PASSPHRASE_WRONG' }), await passphrase.countWrong?.()];
    let asked = 0;
    const provider = passphrase.open(async () => {
      asked += 1;
      return passphrase.wrong;
    });
    const use = async () => (await provider()).key.sign(MESSAGE);
    expect(await failureOf(use, passphrase, secrets)).toEqual(promised);
    expect(asked).toBe(1);
    // The same wrong one again must not bring the device nearer to its lockout.
    expect((await failureOf(use, passphrase, secrets)).code).toBe('PASSPHRASE_WRONG');
    expect((await failureOf(use, passphrase, secrets)).shown).toEqual([]);
    expect(await passphrase.countWrong?.()).toBe(before === undefined ? undefined : before + 1);
    await provider.close?.();
  });
}

function opened(
  subject: IdentityUnderTest,
): IdentityUnderTest & { readonly passphrase: PassphraseUnderTest } {
  const { passphrase } = subject;
  if (passphrase === undefined) throw new Error('say that it lacks a passphrase');
  return { ...subject, passphrase };
}
