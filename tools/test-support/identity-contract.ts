/** What every source of an identity must do, whatever holds its key. */
import { X509Certificate, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSession } from '@rolesanywhere/credential-provider';
import { createEmulator } from '@rolesanywhere/emulator';
import { isRolesAnywhereError, type X509IdentityProvider } from '@rolesanywhere/signer';
import { trustPolicy } from './trust-policy.js';

/** A provider that fails, with the code and the words that its error must have. */
export interface FailingIdentity {
  readonly provider: ClosableIdentityProvider;
  readonly code: string;
  /** What the message must name: a path, an address, a label. */
  readonly names: string;
}

/** A provider of identities, with the end of what it holds open, if it holds anything. */
export type ClosableIdentityProvider = X509IdentityProvider & { close?(): Promise<void> };

/** One source under test, ready to be asked. */
export interface IdentityUnderTest {
  readonly provider: ClosableIdentityProvider;
  /** The leaf that it must give, PEM. */
  readonly certificatePem: string;
  /** Intermediates that it must give, the leaf's issuer first. Default: none. */
  readonly chainPem?: readonly string[];
  /** The CA to trust. */
  readonly trustAnchorPem: string;
  /** Puts another certificate (and key) in its place, as a renewal does; resolves to that leaf, PEM. Absent: it cannot change. */
  rotate?(): Promise<string>;
  /** With a wrong passphrase, PIN or password. Absent: the source has none. */
  readonly wrongPassphrase?: FailingIdentity;
  /** Whose file, device or agent is not there. */
  readonly missing: FailingIdentity;
  /** Texts and bytes that no error may show: keys, passphrases, PINs. */
  readonly secrets: readonly (string | Uint8Array)[];
  /** Ends what the source stands on: devices, agents, folders. */
  end?(): Promise<void>;
}

/** The contract suite: one `describe` of tests for a source. `make` is called once. */
export function describeIdentityContract(name: string, make: () => Promise<IdentityUnderTest>): void {
  describe(`the contract of an identity: ${name}`, () => {
    let subject: IdentityUnderTest;
    beforeAll(async () => {
      subject = await make();
    }, 60_000);
    afterAll(async () => {
      await subject.provider.close?.();
      await subject.end?.();
    });

    test('gives certificate and chain as they were put in', async () => {
      const identity = await subject.provider();
      const leaf = new X509Certificate(subject.certificatePem);
      expect(Buffer.from(identity.certificate.der)).toEqual(leaf.raw);
      expect(identity.certificate.serialNumber).toBe(BigInt(`0x${leaf.serialNumber}`));
      const chain = (subject.chainPem ?? []).map((pem) => new X509Certificate(pem).raw);
      expect(identity.chain.map(({ der }) => Buffer.from(der))).toEqual(chain);
      expect(identity.expiration.getTime()).toBeLessThanOrEqual(Date.parse(leaf.validTo));
    });

    test('gives the same identity again while nothing has changed', async () => {
      const [first, second] = [await subject.provider(), await subject.provider()];
      expect(second.certificate).toBe(first.certificate);
      expect(second.key).toBe(first.key);
    });

    test('signs bytes that the public key of the certificate verifies', async () => {
      for (const message of ['', 'AWS4-X509', '¡Hola!'.repeat(10_000)].map((text) => Buffer.from(text))) {
        const { key } = await subject.provider();
        expect(verifies(subject.certificatePem, message, await key.sign(message))).toBe(true);
      }
    });

    test('signs 200 messages at once, each for itself', async () => {
      const { key } = await subject.provider();
      const messages = Array.from({ length: 200 }, (_, index) => Buffer.from(`message ${index}`));
      const signatures = await Promise.all(messages.map((message) => key.sign(message)));
      const verdicts = messages.map((message, index) =>
        verifies(subject.certificatePem, message, signatures[index] ?? new Uint8Array()),
      );
      expect(verdicts).toEqual(messages.map(() => true));
    }, 60_000);

    test('gets a session from a service that verifies', async () => {
      const region = 'eu-central-1';
      const emulator = createEmulator({ region });
      const { trustAnchorArn } = emulator.createTrustAnchor({
        name: 'ca',
        certificates: subject.trustAnchorPem,
      });
      const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
      const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
      const session = await createSession(
        { trustAnchorArn, profileArn, roleArn },
        { identity: subject.provider, clientConfig: { requestHandler: emulator.requestHandler } },
      );
      expect(session.assumedRoleArn).toContain('assumed-role/ExampleRole/');
    });

    test('names what is missing', async () => {
      expect(await failureOf(subject.missing, subject.secrets)).toEqual(asPromised(subject.missing));
    });

    test('names a wrong passphrase as such', async () => {
      const failing = subject.wrongPassphrase ?? subject.missing;
      expect(await failureOf(failing, subject.secrets)).toEqual(asPromised(failing));
    });

    test('takes up a renewed certificate', async () => {
      const renewed = (await subject.rotate?.()) ?? subject.certificatePem;
      const identity = await subject.provider();
      expect(Buffer.from(identity.certificate.der)).toEqual(new X509Certificate(renewed).raw);
      const message = Buffer.from('after a renewal');
      expect(verifies(renewed, message, await identity.key.sign(message))).toBe(true);
    });

    test('says that it was closed, and can be closed twice', async () => {
      if (subject.provider.close === undefined) return;
      const { key } = await subject.provider();
      await subject.provider.close();
      await subject.provider.close();
      await expect(subject.provider()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
      await expect(key.sign(Buffer.from('too late'))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    });
  });
}

/** By `node:crypto`, which shares nothing with the sources. */
function verifies(certificatePem: string, message: Uint8Array, signature: Uint8Array): boolean {
  return verify('sha256', message, new X509Certificate(certificatePem).publicKey, signature);
}

/** How a failure was told: its code, whether it names what it is about, and the secrets that it shows. */
interface ToldFailure {
  readonly code: unknown;
  readonly isNamed: boolean;
  readonly shown: readonly string[];
}

function asPromised({ code }: FailingIdentity): ToldFailure {
  return { code, isNamed: true, shown: [] };
}

async function failureOf(
  failing: FailingIdentity,
  secrets: IdentityUnderTest['secrets'],
): Promise<ToldFailure> {
  const error: unknown = await failing.provider().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await failing.provider.close?.();
  const whole = inspect(error, { depth: 20, maxStringLength: Infinity, maxArrayLength: Infinity });
  const text = `${whole}${JSON.stringify(error)}`;
  const forms = secrets.flatMap((secret) =>
    typeof secret === 'string' ? [secret] : [textOf(secret, 'hex'), textOf(secret, 'base64')],
  );
  return {
    code: isRolesAnywhereError(error) ? error.code : error,
    isNamed: String(error).includes(failing.names),
    shown: forms.filter((form) => text.includes(form)),
  };
}

function textOf(bytes: Uint8Array, form: 'hex' | 'base64'): string {
  return Buffer.from(bytes).toString(form);
}
