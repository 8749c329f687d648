import { describe, expect, test } from 'vitest';
import { builtinTools, textOf, ToolManager } from '../../../src/index.ts';
import { linkedFiles, unbalancedTags } from '../../../src/agents/self-check/check-text.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

const toolManager = new ToolManager({ tools: builtinTools() });
const write = (file_path: string, content: string) => call('file_write', { file_path, content });

describe('an answer is checked without a model', () => {
  test('a file that is missing is told of, and the answer given again', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      'It is in [the report](report.md).',
      write('report.md', '# Report'),
      'See [it](report.md).',
    ]);
    const { messages, outcome } = await record(house.run(model, { toolManager }));
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true, issues: [] } });
    const remark = texts(conversations(model)[1]).at(-1);
    expect(remark).toContain('The link to "report.md" leads nowhere: "report.md" does not exist.');
    // Only the model reads it.
    expect(messages.map(textOf).join()).not.toContain('leads nowhere');
  });

  test.each([
    ['data.json', '{"a": 1,}', 'is not JSON'],
    ['run.sh', 'if true; then', 'cannot be parsed'],
    ['main.js', 'const = 1', 'cannot be parsed'],
  ])('a file that cannot be parsed is told of: %s', async (path, content, told) => {
    await using house = await createHouse();
    const answer = `Here: [${path}](<${path}>)`;
    const model = scriptedModel([write(path, content), answer, 'Without it.']);
    const { outcome } = await record(house.run(model, { toolManager }));
    expect(outcome).toMatchObject({ selfCheck: { passed: true } });
    expect(texts(conversations(model)[2]).at(-1)).toContain(told);
  });

  test('three times at most; what is still wrong is in the outcome, and in no later turn', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['[a](a.md)', '[b](b.md)', '[c](c.md)']);
    const { outcome } = await record(house.run(model, { toolManager, sessionId: 's' }));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done', selfCheck: { passed: false } });
    expect(outcome?.selfCheck?.issues.join()).toContain('"c.md"');
    const next = scriptedModel(['Hello.']);
    await record(house.run(next, { toolManager, sessionId: 's' }));
    expect(texts(conversations(next)[0]).slice(-2)).toEqual(['[c](c.md)', 'Hello']);
  });

  test('open tasks of a list that was begun are told of, unless something is asked', async () => {
    await using house = await createHouse();
    const begun = { id: 'a', content: 'Look', status: 'in_progress' };
    const model = scriptedModel([
      call('todo_write', { tasks: [begun] }),
      'Done.',
      call('todo_write', { tasks: [{ id: 'a', status: 'completed' }] }),
      'Done now.',
    ]);
    await record(house.run(model, { toolManager }));
    expect(texts(conversations(model)[2]).at(-1)).toContain('tasks that are not completed: a (Look)');
    const asking = scriptedModel([call('todo_write', { tasks: [{ ...begun, id: 'b' }] }), 'Shall I go on?']);
    expect((await record(house.run(asking, { toolManager }))).outcome).toMatchObject({ selfCheck: { passed: true } });
  });

  test('files are nobody’s concern in a run without tools for them', async () => {
    await using house = await createHouse();
    const { outcome } = await record(house.run(scriptedModel(['[a](a.md)'])));
    expect(outcome).toMatchObject({ selfCheck: { passed: true } });
  });
});

test.each([
  ['[a](a.md) and ![b](<b c.png> "title")', ['a.md', 'b c.png']],
  ['[a](https://x.org/a.md) [b](#part) [c](mailto:a@b.c) [d](//x.org/d)', []],
  ['`[a](a.md)`\n```\n[b](b.md)\n```\n[c](file:///w/c%20d.md#part)', ['/w/c d.md']],
  ['[a](a.md) [again](a.md) [x](y(z).md)', ['a.md']],
])('links of %j', (text, files) => {
  expect(linkedFiles(text)).toEqual(files);
});

test.each([
  ['<answer>\ntext\n</answer>', 0],
  ['<answer>\ntext</answer>', 0],
  ['<answer>text</answer>', 0],
  ['<answer>\ntext', 1],
  ['text\n</answer>', 1],
  ['<br>\n<li>one', 0],
  ['a < b and c > d, `<answer>`', 0],
  ['```\n<answer>\n```', 0],
  ['```\nopen', 1],
])('tags of %j: %d issues', (text, issues) => {
  expect(unbalancedTags(text)).toHaveLength(issues);
});
