/** Three ARNs that fit together. */
export const arns = {
  trustAnchorArn:
    'arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/a545a1fc-5d86-4032-8f4c-61cdd6ff92da',
  profileArn: 'arn:aws:rolesanywhere:eu-central-1:111122223333:profile/6f4943fb-13d4-4242-89c4-be367595c380',
  roleArn: 'arn:aws:iam::111122223333:role/path/ExampleRole',
};

/** What a rejected promise was rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('The promise was resolved.');
}
