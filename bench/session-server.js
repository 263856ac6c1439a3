/**
 * A TLS server that gives everybody the same session, in a process of its own: what it takes is not what is measured. Reads
 * key and certificate from the message it gets, sends its port back.
 */
import { createServer } from 'node:https';

const credentials = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE12',
  secretAccessKey: 's'.repeat(40),
  sessionToken: 't'.repeat(1200),
  expiration: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z'),
};
const assumedRoleUser = {
  arn: 'arn:aws:sts::111122223333:assumed-role/bench/ff',
  assumedRoleId: 'AROAEXAMPLE:ff',
};
const roleArn = 'arn:aws:iam::111122223333:role/bench';
const body = JSON.stringify({
  credentialSet: [{ assumedRoleUser, credentials, packedPolicySize: 10, roleArn }],
});

process.once('message', (tls) => {
  const server = createServer(tls, (request, response) => {
    request.resume().once('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' }).end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
});
process.once('disconnect', () => process.exit());
