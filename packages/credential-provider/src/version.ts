/** The version of this package, for the User-Agent; equal to that in package.json, which a test sees to. */
export const version = '0.0.0';
