require('@aws-sdk/client-s3');
const started = process.hrtime.bigint();
require('@rolesanywhere/credential-provider');
console.log(JSON.stringify({ milliseconds: Number(process.hrtime.bigint() - started) / 1e6 }));
