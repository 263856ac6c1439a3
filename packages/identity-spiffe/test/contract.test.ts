import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { describeIdentityContract } from '../../../tools/test-support/identity-contract.js';
import { fromSpiffe } from '../src/index.js';
import { type Agent, startAgent } from './support/agent.js';
import { BACKEND, createTrustDomain } from './support/svid.js';
import { eventually } from './support/eventually.js';

const KEYS = [
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'RSA', modulusLength: 2048 },
] as const;

for (const [index, keyAlgorithm] of KEYS.entries()) {
  const transport = index === 0 ? 'tcp' : 'unix';

  describeIdentityContract(
    { name: `fromSpiffe, ${Object.values(keyAlgorithm).join(' ')}, ${transport}`, lacks: ['passphrase'] },
    async () => {
      const domain = await createTrustDomain(keyAlgorithm);
      const first = await domain.issue(BACKEND);
      const agent: Agent = await startAgent({ svids: [first.message] }, transport);
      const provider = fromSpiffe({ endpoint: agent.endpoint });
      const nowhere = join(tmpdir(), 'no-agent-is-here.sock');
      return {
        provider,
        certificatePem: first.certificatePem,
        chainPem: [domain.issuer.certificatePem],
        trustAnchorPem: domain.root.certificatePem,
        rotate: async () => {
          const { certificate } = await provider();
          const second = await domain.issue(BACKEND);
          agent.push({ svids: [second.message] });
          await eventually(async () => (await provider()).certificate !== certificate);
          return second.certificatePem;
        },
        missing: {
          provider: fromSpiffe({ endpoint: `unix://${nowhere}`, timeoutMilliseconds: 300 }),
          code: 'IDENTITY_UNAVAILABLE',
          names: nowhere,
        },
        secrets: [first.message.x509_svid_key, first.privateKeyPem.split('\n')[1] ?? ''],
        end: () => agent.end(),
      };
    },
  );
}
