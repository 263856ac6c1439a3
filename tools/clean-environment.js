/**
 * Runs before each test file: what is set on the machine must not decide a test. Also silences the AWS SDK's announcement
 * of its next minimum Node version, which every client would print on the oldest Node we support.
 */
const DECIDING =
  /^(AWS_|ROLES_ANYWHERE_|NODE_EXTRA_CA_CERTS$|SSL_CERT_|CURL_CA_BUNDLE$|REQUESTS_CA_BUNDLE$|(https?|no|all)_proxy$)/i;

for (const name of Object.keys(process.env).filter((key) => DECIDING.test(key))) delete process.env[name];
// Nor the shared files of whoever runs the tests.
process.env['AWS_CONFIG_FILE'] = '/nonexistent/config';
process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent/credentials';
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
