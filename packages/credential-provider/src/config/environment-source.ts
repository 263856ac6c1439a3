import { readEnvironment } from './environment.js';
import type { PlacedText, TextName, TextSource } from './text-source.js';

/** The variables that configure a session. */
export const variables: Readonly<Partial<Record<TextName, string>>> = {
  trustAnchorArn: 'ROLES_ANYWHERE_TRUST_ANCHOR_ARN',
  profileArn: 'ROLES_ANYWHERE_PROFILE_ARN',
  roleArn: 'ROLES_ANYWHERE_ROLE_ARN',
  certificate: 'ROLES_ANYWHERE_CERTIFICATE',
  privateKey: 'ROLES_ANYWHERE_PRIVATE_KEY',
  chain: 'ROLES_ANYWHERE_INTERMEDIATES',
  passphrase: 'ROLES_ANYWHERE_PASSPHRASE',
  passphraseFile: 'ROLES_ANYWHERE_PASSPHRASE_FILE',
  durationSeconds: 'ROLES_ANYWHERE_SESSION_DURATION',
  roleSessionName: 'ROLES_ANYWHERE_ROLE_SESSION_NAME',
  region: 'ROLES_ANYWHERE_REGION',
  endpoint: 'ROLES_ANYWHERE_ENDPOINT',
};

/** What the environment says. A variable that is empty counts as not set. */
export function readEnvironmentSource(): TextSource {
  const texts = new Map<TextName, PlacedText>();
  for (const [name, variable] of Object.entries(variables)) {
    const text = readEnvironment(variable);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are the keys of the record above
    if (text !== undefined) texts.set(name as TextName, labelled(name, variable, text));
  }
  const place = `the environment variables ${Object.values(variables).join(', ')}`;
  return { place, texts, problems: [], identityProblems: [] };
}

/** One variable of AWS's own, as a setting. */
export function readPlacedVariable(name: string, variable: string): PlacedText | undefined {
  const text = readEnvironment(variable);
  return text === undefined ? undefined : labelled(name, variable, text);
}

function labelled(name: string, variable: string, text: string): PlacedText {
  return { text, label: `${name} (environment variable ${variable})` };
}
