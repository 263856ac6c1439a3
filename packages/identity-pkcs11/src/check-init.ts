import { ConfigurationError, findPassphraseProblem } from '@rolesanywhere/signer';
import type { FromPkcs11Init } from './from-pkcs11-init.js';
import { modulePaths } from './module/module-paths.js';
import { type PinOptions, pinFileOf } from './pin/pin-source.js';
import { type CertificateSelector, selectorProblems } from './selection/certificate-selector.js';
import { mergeTokenAttributes } from './token/match-token.js';
import { isPkcs11Uri, parsePkcs11Uri } from './uri/parse-pkcs11-uri.js';
import { type Pkcs11Uri, Pkcs11UriError, type TokenAttributes, withoutQuery } from './uri/pkcs11-uri.js';

/** Options that were read. */
export interface Pkcs11Settings {
  /** Of the certificate; the path when it is in a file. */
  readonly certificate: { readonly uri: Pkcs11Uri } | { readonly path: string };
  readonly privateKey: Pkcs11Uri | undefined;
  readonly chainPath: string | undefined;
  readonly token: TokenAttributes;
  readonly modulePaths: readonly string[];
  readonly moduleParameters: string | undefined;
  readonly pin: PinOptions;
  readonly selector: CertificateSelector | undefined;
  readonly latestExpiring: boolean;
  readonly maxSessions: number;
  /** The URI of the certificate or of the key, without a PIN, for messages. */
  readonly place: string;
}

/** Half of the thread pool of a process: a slow card must not hold up its files and names. */
const DEFAULT_MAX_SESSIONS = 2;
const MOST_SESSIONS = 64;

/**
 * Reads the options, and names every one that is wrong.
 *
 * @throws ConfigurationError `INVALID_OPTION`
 */
export function checkInit(init: FromPkcs11Init): Pkcs11Settings {
  const certificate = readUri('certificate', init.certificate);
  const privateKey = readUri('privateKey', init.privateKey);
  const uris = [certificate.uri, privateKey.uri].filter((uri) => uri !== undefined);
  const token = mergeTokenAttributes(uris);
  const pin = oneOf(uris, ['pinValue', 'pinSource']);
  const library = oneOf(uris, ['modulePath', 'moduleName']);
  const problems = [
    ...certificate.problems,
    ...privateKey.problems,
    ...problemsOfUris(init, { certificate: certificate.uri, privateKey: privateKey.uri }),
    ...('conflicts' in token
      ? [
          `\`certificate\` and \`privateKey\` name different tokens (${token.conflicts.join(', ')}); both must be in one`,
        ]
      : []),
    ...problemsOfPin(init, pin),
    ...library.problems,
    ...problemsOfOthers(init),
  ];
  if (problems.length > 0 || 'conflicts' in token)
    throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
  const { modulePath: path, moduleName: name } = library.values;
  return {
    certificate: certificate.uri === undefined ? { path: init.certificate } : { uri: certificate.uri },
    privateKey: privateKey.uri,
    chainPath: init.chain,
    token,
    modulePaths: modulePaths(init.module === undefined ? { path, name } : { path: init.module }),
    pin: { pin: init.pin, ...pin.values },
    moduleParameters: init.moduleParameters,
    selector: init.selector,
    latestExpiring: init.latestExpiring ?? false,
    maxSessions: init.maxSessions ?? DEFAULT_MAX_SESSIONS,
    place: withoutQuery(certificate.uri === undefined ? (init.privateKey ?? '') : init.certificate),
  };
}

interface ReadUri {
  readonly uri: Pkcs11Uri | undefined;
  readonly problems: readonly string[];
}

function readUri(name: string, text: unknown): ReadUri {
  if (typeof text !== 'string' || !isPkcs11Uri(text)) return { uri: undefined, problems: [] };
  try {
    return { uri: parsePkcs11Uri(text), problems: [] };
  } catch (error) {
    if (!(error instanceof Pkcs11UriError)) throw error;
    // An empty one, so that what depends on it is not called wrong as well.
    return { uri: {}, problems: [`the URI in \`${name}\` ${error.message}`] };
  }
}

function problemsOfUris(
  init: FromPkcs11Init,
  uris: { readonly certificate: Pkcs11Uri | undefined; readonly privateKey: Pkcs11Uri | undefined },
): readonly string[] {
  const { certificate, privateKey } = uris;
  const problems = [
    isPath(init.certificate) ? undefined : '`certificate` must be a `pkcs11:` URI or the path of a file',
    init.privateKey !== undefined && privateKey === undefined
      ? '`privateKey` must be a `pkcs11:` URI; for a key in a file use fromPemFiles()'
      : undefined,
    certificate === undefined && privateKey === undefined && init.privateKey === undefined
      ? '`privateKey` must be given when `certificate` is a file'
      : undefined,
    certificate !== undefined && (certificate.type ?? 'cert') !== 'cert'
      ? '`certificate` must not have a `type` other than `cert`'
      : undefined,
    privateKey !== undefined && (privateKey.type ?? 'private') !== 'private'
      ? '`privateKey` must not have a `type` other than `private`'
      : undefined,
    certificate === undefined && (init.selector !== undefined || init.latestExpiring !== undefined)
      ? '`selector` and `latestExpiring` choose in a token; `certificate` must be a `pkcs11:` URI for them'
      : undefined,
  ];
  return problems.filter((problem) => problem !== undefined);
}

type StringName = 'pinValue' | 'pinSource' | 'modulePath' | 'moduleName';

/** The value of each name, which two URIs may both give, if it is the same. */
function oneOf<Name extends StringName>(
  uris: readonly Pkcs11Uri[],
  names: readonly Name[],
): { readonly values: { readonly [Key in Name]?: string }; readonly problems: readonly string[] } {
  const values: { [Key in Name]?: string } = {};
  const problems: string[] = [];
  for (const name of names) {
    const given = new Set(uris.map((uri) => uri[name]).filter((value) => value !== undefined));
    if (given.size > 1) problems.push(`\`certificate\` and \`privateKey\` differ in \`${ATTRIBUTES[name]}\``);
    for (const value of given) values[name] = value;
  }
  return { values, problems };
}

const ATTRIBUTES: Readonly<Record<StringName, string>> = {
  pinValue: 'pin-value',
  pinSource: 'pin-source',
  modulePath: 'module-path',
  moduleName: 'module-name',
};

function problemsOfPin(
  init: FromPkcs11Init,
  pin: ReturnType<typeof oneOf<'pinValue' | 'pinSource'>>,
): readonly string[] {
  const { pinValue, pinSource } = pin.values;
  const given = [init.pin, pinValue, pinSource].filter((value) => value !== undefined);
  const form = findPassphraseProblem(init.pin, 'pin');
  return [
    ...pin.problems,
    ...(form === undefined ? [] : [form]),
    ...(given.length > 1
      ? ['the PIN is given more than once; keep one of `pin`, `pin-value`, `pin-source`']
      : []),
    ...(pinSource !== undefined && pinFileOf(pinSource) === undefined
      ? ['`pin-source` must be a path or a `file:` URI; commands and other places are not read']
      : []),
  ];
}

function problemsOfOthers({
  chain,
  module,
  moduleParameters,
  selector,
  latestExpiring,
  maxSessions = 1,
}: FromPkcs11Init): readonly string[] {
  const isCount = Number.isInteger(maxSessions) && maxSessions >= 1 && maxSessions <= MOST_SESSIONS;
  return [
    ...(chain === undefined || (isPath(chain) && !isPkcs11Uri(chain))
      ? []
      : ['`chain` must be the path of a file']),
    ...(module === undefined || isPath(module) ? [] : ['`module` must be the path of a library']),
    ...(moduleParameters === undefined || isPath(moduleParameters)
      ? []
      : ['`moduleParameters` must be the text that the module wants at its start']),
    ...selectorProblems(selector),
    ...(latestExpiring === undefined || typeof latestExpiring === 'boolean'
      ? []
      : ['`latestExpiring` must be true or false']),
    ...(isCount ? [] : [`\`maxSessions\` must be a whole number from 1 to ${MOST_SESSIONS}`]),
  ];
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}
