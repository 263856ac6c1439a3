/** The parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** Everything after the fifth colon, such as `role/path/name`. */
  readonly resource: string;
}

/** What an ARN is expected to name. */
export interface ExpectedResource {
  readonly service: 'rolesanywhere' | 'iam';
  /** The resource type, before the first slash. */
  readonly type: 'trust-anchor' | 'profile' | 'role';
}

const maximumLength = 1011;

/** Splits an ARN; undefined when the text is none. The parts are not judged. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':');
  if (prefix !== 'arn' || resource.length === 0) return undefined;
  if (partition === undefined || service === undefined || region === undefined || accountId === undefined) {
    return undefined;
  }
  return { partition, service, region, accountId, resource: resource.join(':') };
}

/**
 * Says what is wrong with an ARN, in the words that follow its name in a sentence; undefined when nothing is.
 * Partition, service, region, account and resource type are judged; the form of the id is the service's business.
 * @see IAM Roles Anywhere User Guide, "CreateSession": length and patterns of the three ARNs
 */
export function findArnProblem(text: string, expected: ExpectedResource): string | undefined {
  const example = exampleOf(expected);
  const arn = parseArn(text);
  if (arn === undefined || text.length > maximumLength || /\s/.test(text)) {
    return `is not an ARN; give one like ${example}`;
  }
  if (!/^aws(-[a-z]+)*$/.test(arn.partition))
    return `has the unknown partition '${arn.partition}'; expected aws, aws-cn, aws-us-gov …`;
  if (arn.service !== expected.service) {
    return `names the service '${arn.service}', not '${expected.service}'; give one like ${example}`;
  }
  if (expected.service === 'iam' && arn.region !== '')
    return `has a region, which an IAM ARN has not; give one like ${example}`;
  if (expected.service !== 'iam' && !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(arn.region)) {
    return `has no valid region ('${arn.region}'); give one like ${example}`;
  }
  if (!/^\d{12}$/.test(arn.accountId)) return `has no 12-digit account id ('${arn.accountId}')`;
  if (!arn.resource.startsWith(`${expected.type}/`) || arn.resource.length <= expected.type.length + 1) {
    return `does not name a ${expected.type}; give one like ${example}`;
  }
  return undefined;
}

function exampleOf({ service, type }: ExpectedResource): string {
  return service === 'iam'
    ? `arn:aws:iam::111122223333:${type}/name`
    : `arn:aws:${service}:eu-central-1:111122223333:${type}/id`;
}
