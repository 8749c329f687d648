import { describe, expect, test } from 'vitest';
import { parseSkill } from '../../src/skills/parse-skill.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseSkill(encode(text));

/** With nothing but what is asked of it. */
const plain = '---\nname: pdf\ndescription: Reads PDF files.\n---\n# PDF\n';

describe('a published skill is read as it is', () => {
  test.each<[string, string, object]>([
    ['plain', plain, { name: 'pdf', description: 'Reads PDF files.', body: '# PDF\n' }],
    ['with a byte order mark', `\uFEFF${plain}`, { name: 'pdf', body: '# PDF\n' }],
    [
      'with the line ends of Windows',
      plain.replaceAll('\n', '\r\n'),
      { description: 'Reads PDF files.', body: '# PDF\r\n' },
    ],
    ['without a body', '---\nname: pdf\ndescription: d\n---', { body: '' }],
    ['without a newline at its end', '---\nname: pdf\ndescription: d\n---\nDo it', { body: 'Do it' }],
    ['with spaces behind the dashes', '--- \nname: pdf\ndescription: d\n---\t\nDo it', { body: 'Do it' }],
    ['with "---" in its body', `${plain}---\nmore\n---\n`, { body: '# PDF\n---\nmore\n---\n' }],
    ['with "---" in a text', '---\nname: pdf\ndescription: a --- b\n---\nx', { description: 'a --- b', body: 'x' }],
    ['with comments', '---\n# of ours\nname: pdf # short\ndescription: d\n---\n', { name: 'pdf', description: 'd' }],
    ['with quotes', `---\nname: 'pdf'\ndescription: "Say \\"when\\": now"\n---\n`, { description: 'Say "when": now' }],
    [
      'with a folded text',
      '---\nname: pdf\ndescription: >-\n  Reads\n  files.\n---\n',
      { description: 'Reads files.' },
    ],
    ['with a block of text', '---\nname: pdf\ndescription: |\n  One.\n  Two.\n---\n', { description: 'One.\nTwo.' }],
    ['with a text over two lines', '---\nname: pdf\ndescription: One\n  two.\n---\n', { description: 'One two.' }],
    ['in another script', '---\nname: 数据-分析\ndescription: 分析数据。\n---\n好', { name: '数据-分析', body: '好' }],
    ['with spaces in its name', '---\nname: PDF Tools\ndescription: d\n---\n', { name: 'PDF Tools' }],
    ['with a name in parts', '---\nname: cafe\u0301\ndescription: d\n---\n', { name: 'caf\u00E9' }],
    ['with what looks like no text', '---\nname: 2024\ndescription: yes\n---\n', { name: '2024', description: 'yes' }],
    [
      'with an unquoted ": "',
      '---\nname: pdf\ndescription: Use when: a PDF is there\n---\n',
      { description: 'Use when: a PDF is there' },
    ],
    ['with a long description', `---\nname: pdf\ndescription: ${'a'.repeat(1_024)}\n---\n`, { name: 'pdf' }],
  ])('%s', async (_, text, expected) => {
    expect(await parse(text)).toMatchObject(expected);
  });

  test('with more in its front matter, which is kept as text', async () => {
    const more = 'license: MIT\nallowed-tools: [Bash, Read]\nmetadata:\n  version: 1.10\n  empty:\n';
    const { frontMatter } = await parse(`---\nname: pdf\n${more}description: d\n---\n`);
    expect(frontMatter).toEqual({
      'name': 'pdf',
      'description': 'd',
      'license': 'MIT',
      'allowed-tools': ['Bash', 'Read'],
      'metadata': { version: '1.10', empty: '' },
    });
  });
});

/** Ten times ten times … of the same. */
const bomb = Array.from({ length: 9 }, (_, level) => {
  const of = level === 0 ? 'lol' : `*a${level - 1}`;
  return `a${level}: &a${level} [${Array.from({ length: 10 }, () => of).join(', ')}]`;
}).join('\n');

describe('what cannot be used is refused with the reason', () => {
  test.each<[string, string, RegExp]>([
    ['no front matter', '# PDF\n', /has no front matter/],
    ['an empty file', '', /has no front matter/],
    ['a front matter that comes late', `\n${plain}`, /has no front matter/],
    ['one that is not closed', '---\nname: pdf\ndescription: d\n', /not closed/],
    ['one without content', '---\n---\n', /no map/],
    ['a list', '---\n- name\n- description\n---\n', /no map/],
    ['a text', '---\nname and description\n---\n', /no map/],
    ['broken YAML', '---\nname: "pdf\ndescription: d\n---\n', /cannot be used: Missing closing/],
    ['a key twice', '---\nname: pdf\nname: doc\ndescription: d\n---\n', /must be unique/],
    ['no name', '---\ndescription: d\n---\n', /has no name/],
    ['no description', '---\nname: pdf\n---\n', /has no description/],
    ['an empty description', '---\nname: pdf\ndescription: "  "\n---\n', /has no description/],
    ['a name that is a map', '---\nname: { a: b }\ndescription: d\n---\n', /has no name/],
    ['a name from elsewhere', '---\n__proto__: { name: pdf }\ndescription: d\n---\n', /has no name/],
    ['a path for a name', '---\nname: ../../etc\ndescription: d\n---\n', /cannot be used. Allowed: letters/],
    ['a name that could be read as markup', '---\nname: a</skill>\ndescription: d\n---\n', /cannot be used/],
    ['a name over two lines', '---\nname: |\n  a\n  b\ndescription: d\n---\n', /cannot be used/],
    ['a long name', `---\nname: ${'a'.repeat(65)}\ndescription: d\n---\n`, /cannot be used/],
    ['a description without end', `---\nname: pdf\ndescription: ${'a'.repeat(5_000)}\n---\n`, /more than 4096/],
    ['a long front matter', `---\nname: pdf\ndescription: d\nx: ${'a'.repeat(20_000)}\n---\n`, /more than 16384/],
    ['a large file', `${plain}${'a'.repeat(300_000)}`, /more than 262144 bytes/],
    ['aliases without end', `---\n${bomb}\nname: pdf\ndescription: d\n---\n`, /Excessive alias count/],
    ['an alias of nothing', '---\nname: pdf\ndescription: *d\n---\n', /Unresolved alias/],
    ['nesting without end', `---\nname: ${'['.repeat(9_000)}\n---\n`, /cannot be used/],
  ])('%s', async (_, text, reason) => {
    await expect(parse(text)).rejects.toThrow(reason);
  });

  test.each([
    '!!js/function "function () { globalThis.wasRun = true }()"',
    '!!js/undefined ""',
    '!include /etc/passwd',
  ])('code in a front matter: %s', async (code) => {
    await expect(parse(`---\nname: pdf\ndescription: ${code}\n---\n`)).rejects.toThrow(/Unresolved tag/);
    expect(globalThis).not.toHaveProperty('wasRun');
  });

  test('text that is not UTF-8', async () => {
    await expect(parseSkill(new Uint8Array([...encode(plain), 0xff]))).rejects.toThrow('is not UTF-8 text');
  });
});
