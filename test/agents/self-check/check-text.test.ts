import { describe, expect, test } from 'vitest';
import { linkedFiles, namedFiles, requiredTags, unbalancedTags } from '../../../src/agents/self-check/check-text.ts';

test.each([
  ['[a](a.md) and ![b](<b c.png> "title")', ['a.md', 'b c.png']],
  ['[a](https://x.org/a.md) [b](#part) [c](mailto:a@b.c) [d](//x.org/d)', []],
  ['`[a](a.md)`\n```\n[b](b.md)\n```\n[c](file:///w/c%20d.md#part)', ['/w/c d.md']],
  ['[a](a.md) [again](a.md) [x](y(z).md)', ['a.md']],
  ['[![badge](b.png)](c.md)', ['b.png', 'c.md']],
  ['Siehe[a](a.md), 请看[b](b.md)', ['b.md']],
  ['f[x](t.y) and m`[0]`[x](t.y) and \\[a\\](b.c)', []],
  ['[site](www.example.com) [docs](example.com/docs/a.md) [host](10.0.0.1/a.md) [home](~/a.md)', []],
  ['Write [text](url).', []],
  ['para\n\n    [a](a.md)\n\n- item\n\n    - [b](b.md)', ['b.md']],
  ['``a ` [b](b.md)`` ` [c](c.md)', ['c.md']],
])('links of %j', (text, files) => {
  expect(linkedFiles(text)).toEqual(files);
});

test.each([
  ['Wrote `a/report.json` and `run.py`, see `npm test`.', ['a/report.json', 'run.py']],
  ['```\n`a.json`\n```\n`*.js` `cat a.json` `Math.max` `a.md`', []],
])('files named in %j', (text, files) => {
  expect(namedFiles(text)).toEqual(files);
});

test('required are the tags whose end the system message names', () => {
  const system = ['Answer in <answer>…</answer>, for the <path>.', 'Then <note></note> and <answer></answer>.'];
  expect(requiredTags(system)).toEqual(['answer', 'note']);
});

describe('tags and fences', () => {
  test.each([
    ['<answer>\ntext\n</answer>', 0],
    ['<answer kind="x">text</answer> <answer/>', 0],
    ['<answer>\ntext', 1],
    ['text\n</answer>', 1],
    ['<answer>a</answer><answer>b', 1],
    ['<other>\ntext', 0],
    ['a < b and c > d, `<answer>`', 0],
    ['```\n<answer>\n```', 0],
    ['```\nopen', 1],
    ['````md\n```js\n````', 0],
    ['```js\na\n```\n~~~\nb', 1],
    ['Run\n```npm test```\nand see', 0],
    ['- item\n    ```\n    open', 0],
    ['```md\n```js\na\n```\nb\n```', 0],
  ])('of %j: %d issues', (text, issues) => {
    expect(unbalancedTags(text, ['answer'])).toHaveLength(issues);
  });
});

test.each(['```a b\n', '](', '[', '](a "', '`', '` `` ', '<answer ', '\n ', '- '])(
  'a long text of %j is looked at in no time',
  (text) => {
    // What takes as much time as the square of it would take minutes.
    const long = text.repeat(400_000);
    for (const look of [linkedFiles, namedFiles, (all: string) => unbalancedTags(all, ['answer'])]) look(long);
    expect(linkedFiles(`${long}\n\n\`\`\`\n\`\`\`\n\n`)).toEqual([]);
  },
);
