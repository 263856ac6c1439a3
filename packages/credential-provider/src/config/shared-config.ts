import { hasFiles, readEnvironment } from './environment.js';
import type { PlacedText } from './text-source.js';

/** Which shared files and which profile in them; names and defaults are those of the AWS SDK. */
export interface SharedConfigChoice {
  readonly profile?: string | undefined;
  readonly filepath?: string | undefined;
  readonly configFilepath?: string | undefined;
  /** True: read the files anew instead of from the AWS SDK's cache. */
  readonly ignoreCache?: boolean | undefined;
}

/** One profile of AWS's shared configuration files. */
export interface SharedProfile {
  readonly name: string;
  /** Names the profile and the files, for the message that says where was looked. */
  readonly place: string;
  /** The keys of a block have the block's name and a dot before them. A key of the credentials file wins. */
  readonly keys: ReadonlyMap<string, PlacedText>;
  /** The profile's `[services …]` section, in the same form. */
  readonly services: ReadonlyMap<string, PlacedText>;
}

type Section = Readonly<Record<string, string | undefined>>;

/**
 * Reads a profile with the AWS SDK's own reader, which keeps the files for the whole process. Files that are missing are
 * empty, and where there are no files at all there is no profile.
 * @see AWS SDKs and Tools Reference Guide, "Using shared config and credentials files"
 */
export async function loadSharedProfile(choice: SharedConfigChoice): Promise<SharedProfile> {
  const name = choice.profile ?? readEnvironment('AWS_PROFILE') ?? 'default';
  if (!hasFiles())
    return { name, place: 'no profile: there are no files here', keys: new Map(), services: new Map() };
  // Loaded with the first call: in an application with an AWS client it is there already.
  const { loadSharedConfigFiles } = await import('@smithy/shared-ini-file-loader');
  const { filepath, configFilepath, ignoreCache } = choice;
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...(filepath === undefined ? {} : { filepath }),
    ...(configFilepath === undefined ? {} : { configFilepath }),
    ...(ignoreCache === undefined ? {} : { ignoreCache }),
  });
  const config = configFilepath ?? readEnvironment('AWS_CONFIG_FILE') ?? '~/.aws/config';
  const credentials = filepath ?? readEnvironment('AWS_SHARED_CREDENTIALS_FILE') ?? '~/.aws/credentials';
  const keys = new Map([
    ...placed(configFile[name], `profile ${name} in ${config}`),
    ...placed(credentialsFile[name], `profile ${name} in ${credentials}`),
  ]);
  const services = keys.get('services')?.text;
  const found = keys.size === 0 ? ', where it is not' : '';
  return {
    name,
    place: `the profile ${name} in ${config} and ${credentials}${found}`,
    keys,
    services: placed(configFile[`services.${services}`], `services ${services} in ${config}`),
  };
}

/** The keys of one block of a section, without the block's name. */
export function readBlock(
  section: ReadonlyMap<string, PlacedText>,
  block: string,
): ReadonlyMap<string, PlacedText> {
  const prefix = `${block}.`;
  return new Map(
    [...section].flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

/** The label is the place alone: who uses the text knows its name there. */
function placed(section: Section | undefined, place: string): ReadonlyMap<string, PlacedText> {
  return new Map(
    Object.entries(section ?? {}).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, { text, label: place }]],
    ),
  );
}
