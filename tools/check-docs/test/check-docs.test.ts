/** The checks of the documents can fail: each is given something wrong. */
import { describe, expect, test } from '@jest/globals';
import { blocksOf, type Block } from '../documents.js';
import { errorCodesWithoutHeading } from '../error-codes.js';
import { faultOf } from '../languages.js';
import { deadLinks, namesOfNothing } from '../links.js';
import { flagFindings, undocumentedOptions } from '../options.js';
import { runCode } from '../run-code.js';

const FENCE = '```';

function blockOf(language: string, code: string, before = ''): Block {
  const [block] = blocksOf(`${before}${FENCE}${language}\n${code}\n${FENCE}\n`);
  if (block === undefined) throw new Error('no block');
  return block;
}

describe('options', () => {
  const report = `
// @public
export function createThing(init?: {
    readonly size?: number;
}): Thing;

// @public
export interface CacheOptions {
    readonly file?: string;
    readonly lock?: {
        readonly waitMilliseconds?: number;
    };
}

// @public
export interface ThingErrorInit {
    readonly cause?: unknown;
}

// @public
export interface FromThingInit {
    readonly file: string;
}
`;
  const readme = (code: string) => `# Thing\n\n## Options\n\n${FENCE}ts\n${code}\n${FENCE}\n`;
  const whole =
    'createThing({ size: 1 });\ncache({ file, lock: { waitMilliseconds: 5 } });\nfromThing({ file });';

  test('a README with every option is accepted', () => {
    expect(undocumentedOptions({ readme: readme(whole), report })).toEqual([]);
  });

  test.each(['size', 'lock', 'waitMilliseconds'])(
    'the option %s that is not in the block is found',
    (name) => {
      const without = whole.replace(name, 'another');
      expect(undocumentedOptions({ readme: readme(without), report })).toEqual([
        expect.stringContaining(`the option ${name} of `),
      ]);
    },
  );

  test('an option of two types that is shown for one of them is found', () => {
    const without = whole.replace('fromThing({ file })', 'fromThing({})');
    expect(undocumentedOptions({ readme: readme(without), report })).toEqual([
      'the option file of CacheOptions, FromThingInit is shown 1 times there',
    ]);
  });

  test('an option that is shown elsewhere in the README only is found', () => {
    const elsewhere = `${FENCE}ts\ncreateThing({ size: 1 });\n${FENCE}\n\n${readme(whole.replace('size', 'x'))}`;
    expect(undocumentedOptions({ readme: elsewhere, report })).toHaveLength(1);
  });

  test('a README without a block of options is found', () => {
    expect(undocumentedOptions({ readme: '# Thing\n', report })).toHaveLength(1);
  });

  test('a flag that is not in the README is found, also when a longer one is', () => {
    const flags = `{ name: 'region' }, { name: 'private-key' }`;
    expect(flagFindings({ readme: '--region --private-key-file', flags })).toEqual([
      'the flag --private-key is not shown',
    ]);
  });
});

describe('blocks', () => {
  test.each([
    ['', 'a picture'],
    ['ruby', 'puts 1'],
    ['json', '{ "a": 1, }'],
    ['yaml', 'a: [1'],
    ['yaml', 'a: !Ref b: c'],
    ['ini', 'no section = 1'],
    ['ini', '[section]\nno value'],
    ['sh', 'if true; then echo'],
    ['sh', 'npm run there-is-no-such-script'],
    ['text', 'an output of nothing'],
  ])('a block in %j that is wrong is found: %j', async (language, code) => {
    expect(await faultOf(blockOf(language, code), ['test'])).toEqual(expect.any(String));
  });

  test.each([
    ['json', '{ "a": 1 }'],
    ['yaml', 'Value: !GetAtt Role.Arn'],
    ['ini', '[section]\n# a comment\nname = value'],
    ['sh', 'npm test && echo "$HOME"'],
  ])('a block in %j that is right is accepted: %j', async (language, code) => {
    expect(await faultOf(blockOf(language, code), ['test'])).toBeUndefined();
  });

  test('what can be parsed must not be marked as not run', async () => {
    const block = blockOf('json', '{', '<!-- not run: too lazy -->\n\n');
    expect(await faultOf(block, [])).toMatch('must not be marked');
  });

  test('the output directly below a command belongs to it, and another needs a reason', async () => {
    const commands = `${FENCE}sh\necho a\n${FENCE}\n\n${FENCE}text\na\n${FENCE}\n`;
    const [, output] = blocksOf(commands);
    expect(output?.isOutput).toBe(true);
    expect(await faultOf(blockOf('text', 'a', '<!-- not run: a picture -->\n\n'), [])).toBeUndefined();
  });

  test('a block that does not compile, and one that throws, are found', () => {
    const blocks = [blockOf('ts', 'const a: string = 1;'), blockOf('js', "throw new Error('on purpose');")];
    const complaints = runCode([{ file: 'a.md', blocks }]);
    expect(complaints[0]).toContain('TS2322');
    expect(complaints[1]).toContain('on purpose');
  });
});

describe('links and codes', () => {
  test.each([
    '[a](no-such-file.md)',
    '[a](README.md#no-such-heading)',
    '[a](http://example.com)',
    '[a](https://exa mple.com/)',
    '[a](https://localhost/)',
    '<https://user@example.com/>',
  ])('%s is found', (link) => {
    expect(deadLinks('CONTRIBUTING.md', link)).toHaveLength(1);
  });

  test.each(['[a](README.md#packages)', '[a](https://example.com/a#b)', '`[a](no-such-file.md)`'])(
    '%s is accepted',
    (link) => {
      expect(deadLinks('CONTRIBUTING.md', link)).toEqual([]);
    },
  );

  test('a flag in the list that there is not is found', () => {
    const readme = '--region REGION\n--regoin REGION\n';
    expect(flagFindings({ readme, flags: "{ name: 'region' }" })).toEqual(['there is no flag --regoin']);
  });

  test('a file that is named and not there is found, also in a picture', () => {
    const text = `\`tools/run.js\` \`tools/rum.js\`\n${FENCE}text\n signer/src/x509/ signer/src/x510/\n${FENCE}\n`;
    expect(namesOfNothing('a.md', text)).toEqual([
      'a.md: there is no tools/rum.js',
      'a.md: there is no packages/signer/src/x510',
    ]);
  });

  test('a code without a heading and a heading without a code are found', () => {
    const sources = ["['ONE_CODE', 'OTHER_CODE']"];
    expect(errorCodesWithoutHeading({ sources, page: '## ONE_CODE\n\n## NO_CODE\n' })).toEqual([
      'no heading for OTHER_CODE',
      'NO_CODE is no code',
    ]);
  });
});
