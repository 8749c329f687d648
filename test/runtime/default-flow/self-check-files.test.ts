import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinTools, defineTool, textOf, ToolManager, type Tool } from '../../../src/index.ts';
import { record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { readAsked, yes } from '../../support/asking.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

const toolManager = new ToolManager({ tools: builtinTools() });
const write = (file_path: string, content: string) => call('file_write', { file_path, content });
const update = (file_path: string, search_pattern: string, replacement: string) =>
  call('file_update', { file_path, operations: [{ update_mode: 'search_replace', search_pattern, replacement }] });
const patch = (...changes: readonly string[]) =>
  call('apply_patch', {
    patch: ['*** Begin Patch', ...changes.map((change) => `*** ${change}`), '*** End Patch'].join('\n'),
  });

describe('the files of an answer', () => {
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
    ['data.json', '{"a": 1,}', '{"a": 1}', 'is not JSON'],
    ['run.sh', '#!/bin/sh\nif true; then', '#!/bin/sh\n', 'cannot be parsed'],
    ['main.js', 'const = 1', 'const a = 1', 'cannot be parsed'],
  ])('a file that cannot be parsed is told of: %s', async (path, content, mended, told) => {
    await using house = await createHouse();
    const answer = `Here: [${path}](<${path}>)`;
    const model = scriptedModel([write(path, content), answer, write(path, mended), answer]);
    const { outcome } = await record(house.run(model, { toolManager }));
    model.assertSpent();
    expect(outcome).toMatchObject({ selfCheck: { passed: true } });
    expect(texts(conversations(model)[2]).at(-1)).toContain(`"${path}" ${told}`);
  });

  test('a tool of the host that has the name of a file tool, and no arguments, is none of those', async () => {
    await using house = await createHouse();
    const own = defineTool({ name: 'file_write', description: 'Writes what it likes.', execute: () => 'Written.' });
    const model = scriptedModel([{ toolCalls: [{ name: 'file_write', arguments: [''] }] }, 'Done.']);
    const { outcome } = await record(house.run(model, { toolManager: new ToolManager({ tools: [own] }) }));
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true } });
  });

  test.each<[string, ScriptedAnswer, string[]]>([
    ['file_write', write('a.json', '{'), ['a.json']],
    ['file_update', update('old.json', '1', '1,'), ['old.json']],
    [
      'apply_patch',
      patch('Add File: new.json\n+{', 'Update File: old.json\n*** Move to: b.json\n-{"a": 1}\n+{'),
      ['new.json', 'b.json'],
    ],
  ])('what %s has written is parsed as well, named or not', async (_, calls, broken) => {
    await using house = await createHouse();
    await mkdir(house.workspace);
    await writeFile(join(house.workspace, 'old.json'), '{"a": 1}');
    const model = scriptedModel([calls, 'Done.', 'Done.', 'Done.']);
    const { outcome } = await record(house.run(model, { toolManager }));
    const paths = outcome?.selfCheck?.issues.map((issue) => /^"(.*?)" is not JSON/.exec(issue)?.[1]);
    expect(paths).toEqual(broken);
  });

  test('what a person has made of a call is what it has written', async () => {
    await using house = await createHouse();
    const asking = builtinTools().map((tool): Tool =>
      tool.name === 'file_write' ? { ...tool, approval: 'ask' } : tool,
    );
    const run = house.run(scriptedModel([write('a.json', '{}'), 'Done.', 'Done.', 'Done.']), {
      whenApprovalNeeded: 'wait',
      sessionId: 's',
      toolManager: new ToolManager({ tools: asking }),
    });
    const changed = { arguments: { file_path: 'b.json', content: '{' } };
    const { outcome } = await readAsked(run, ({ confirmation_id: id }) =>
      house.agent.answerConfirmation('s', id, { ...yes, ...changed }),
    );
    expect(outcome.selfCheck?.issues.join()).toContain('"b.json" is not JSON');
  });

  test('what was written and is gone, what no call has written, and what an earlier run has, is not', async () => {
    await using house = await createHouse();
    await mkdir(house.workspace);
    await writeFile(join(house.workspace, 'b.json'), '{');
    const [gone, failed] = [patch('Delete File: a.json'), update('b.json', 'not there', 'b')];
    const model = scriptedModel([write('a.json', '{'), gone, failed, 'Done.']);
    expect((await record(house.run(model, { toolManager }))).outcome).toMatchObject({ selfCheck: { passed: true } });
    const first = scriptedModel([write('c.json', '{'), '1', '2', '3']);
    await record(house.run(first, { toolManager, sessionId: 's' }));
    const second = scriptedModel(['Hello.']);
    const { outcome } = await record(house.run(second, { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({ selfCheck: { passed: true } });
  });

  test('a file that is named in code is parsed where it is there, and not asked for where it is not', async () => {
    await using house = await createHouse();
    await mkdir(house.workspace);
    await writeFile(join(house.workspace, 'report.json'), '{');
    const files = `\`report.json\`, \`${join(house.workspace, 'report.json')}\`, \`missing.json\` and broken.json`;
    const model = scriptedModel([files, files, files]);
    const { outcome } = await record(house.run(model, { toolManager }));
    expect(outcome?.selfCheck?.issues).toHaveLength(1);
    expect(outcome?.selfCheck?.issues[0]).toContain('report.json" is not JSON');
  });

  test('fifty are parsed at most, and none of more than 1 MiB', async () => {
    await using house = await createHouse();
    const add = (_: unknown, number: number) => `Add File: ${number}.json\n+{`;
    const big = write('big.json', `{${' '.repeat(1024 * 1024)}`);
    const model = scriptedModel([big, 'Done.', patch(...Array.from({ length: 51 }, add)), 'Done.', 'Done.', 'Done.']);
    const { outcome } = await record(house.run(model, { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({ usage: { calls: 2 }, selfCheck: { passed: true } });
    const many = await record(house.run(model, { toolManager, sessionId: 's' }));
    expect(many.outcome?.selfCheck?.issues).toHaveLength(50);
  });

  test('an absolute path is a file where it is below the workspace', async () => {
    await using house = await createHouse();
    const web = scriptedModel(['Put it into [home](/about.html), or [up](../other.md).']);
    expect((await record(house.run(web, { toolManager }))).outcome).toMatchObject({ selfCheck: { passed: true } });
    const file = `[it](${join(house.workspace, 'a.md')})`;
    const model = scriptedModel([file, file, file]);
    expect((await record(house.run(model, { toolManager }))).outcome).toMatchObject({ selfCheck: { passed: false } });
  });

  test('files are nobody’s concern in a run without tools for them', async () => {
    await using house = await createHouse();
    const { outcome } = await record(house.run(scriptedModel(['[a](a.md)'])));
    expect(outcome).toMatchObject({ selfCheck: { passed: true } });
  });
});
