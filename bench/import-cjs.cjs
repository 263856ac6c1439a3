const { S3Client } = require('@aws-sdk/client-s3');
const started = process.hrtime.bigint();
const { fromRolesAnywhere } = require('@rolesanywhere/credential-provider');
const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
console.log(JSON.stringify({ milliseconds, loaded: [typeof S3Client, typeof fromRolesAnywhere] }));
