/** What a refresh is at the least: sign, connect, send, parse, check. Written out, for this one request and no other. */
import { createHash, sign } from 'node:crypto';
import { request } from 'node:https';
import { promisify } from 'node:util';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const inPool = promisify(sign);

export function bareRefresh({ arns, port, agent, key, der, serialNumber, region }) {
  const isRsa = key.asymmetricKeyType === 'rsa';
  const algorithm = isRsa ? 'AWS4-X509-RSA-SHA256' : 'AWS4-X509-ECDSA-SHA256';
  const query = Object.entries(arns)
    .map(([name, arn]) => `${name}=${encodeURIComponent(arn)}`)
    .toSorted()
    .join('&');
  return async () => {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = `${date.slice(0, 8)}/${region}/rolesanywhere/aws4_request`;
    const headers = { host: `localhost:${port}`, 'x-amz-date': date, 'x-amz-x509': der };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('');
    const canonical = `POST\n/sessions\n${query}\n${lines}\n${names}\n${sha256('{}')}`;
    const text = Buffer.from(`${algorithm}\n${date}\n${scope}\n${sha256(canonical)}`);
    const signature = isRsa ? await inPool('sha256', text, key) : sign('sha256', text, key);
    const authorization = `${algorithm} Credential=${serialNumber}/${scope}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`;
    const answer = await new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        host: 'localhost',
        port,
        path: `/sessions?${query}`,
        agent,
        headers: { ...headers, authorization },
      };
      request(options, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(JSON.parse(body)));
      })
        .on('error', reject)
        .end('{}');
    });
    if (new Date(answer.credentialSet[0].credentials.expiration) < new Date()) throw new Error('expired');
  };
}
