import base from './jest.config.js';

/** The tests against real parts: `npm run test:real` installs the parts and tells where they are. */
export default {
  ...base,
  testMatch: ['<rootDir>/{packages,examples}/**/test-real/**/*.test.ts'],
};
