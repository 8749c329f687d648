import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinTools, ToolManager } from '../../../src/index.ts';
import { httpError, record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

const toolManager = new ToolManager({ tools: builtinTools() });
const asking = (content: string) => [{ role: 'user', content }] as const;
const sums = (count: number) => Array.from({ length: count }, (_, i) => `Add ${i} and one, please.`);

/** What the model is shown last in a turn of session `s`. */
async function seenBy(house: TestHouse, content: string): Promise<string> {
  const model = scriptedModel(['Good.']);
  await record(house.run(model, { sessionId: 's', toolManager, inputMessages: asking(content) }));
  return texts(conversations(model)[0]).at(-1) ?? '';
}

describe('memory', () => {
  test('files of the workspace that fit what the user says are shown to the model, and to nobody else', async () => {
    await using house = await createHouse();
    await mkdir(join(house.workspace, 'memory/deep'), { recursive: true });
    await writeFile(join(house.workspace, 'MEMORY.md'), '# Deployment\n\nStaging is deployed by `make stage`.\n');
    await writeFile(
      join(house.workspace, 'memory/deep/people.md'),
      'Ada decides on production deployment.\n\nBob cooks.',
    );
    const model = scriptedModel(['With make stage.']);
    const inputMessages = asking('How is the staging deployment done?');
    const { messages } = await record(house.run(model, { toolManager, inputMessages }));
    const [said, recalled] = texts(conversations(model)[0]);
    expect(said).toBe('How is the staging deployment done?');
    expect(recalled).toContain('Deployment: Staging is deployed by `make stage`.');
    expect(recalled).not.toContain('Bob cooks');
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'assistant']);
  });

  test('files are read up to 1 MiB in all', async () => {
    await using house = await createHouse();
    await mkdir(join(house.workspace, 'memory'), { recursive: true });
    const long = 'Nothing here.\n\n'.repeat(50_000);
    const write = (name: string, text: string) => writeFile(join(house.workspace, 'memory', name), text);
    await write('a.md', `The staging server is Ada.\n\n${long}`);
    await write('b.md', `The staging server is Bob.\n\n${long}`);
    await write('c.md', 'The staging server is Cleo.');
    const seen = await seenBy(house, 'What is the staging server?');
    expect(seen).toContain('Cleo');
    expect(seen.match(/Ada|Bob/g)).toHaveLength(1);
  });

  test('files are not followed out of the workspace', async () => {
    await using house = await createHouse();
    await mkdir(house.workspace, { recursive: true });
    await writeFile(join(house.workspace, '../secret.md'), 'The staging deployment secret.');
    await symlink('../secret.md', join(house.workspace, 'MEMORY.md'));
    const model = scriptedModel(['No idea.']);
    await record(house.run(model, { toolManager, inputMessages: asking('What is the staging deployment secret?') }));
    expect(conversations(model)[0]).toHaveLength(1);
  });

  test('of older turns of the session comes back when it fits, once', async () => {
    await using house = await createHouse();
    for (const turn of ['Two dogs, please.', 'My dog is called Rex.', 'My dog is called Rex.', ...sums(12)]) {
      expect(await seenBy(house, turn)).toBe(turn);
    }
    const question = 'How was my dog called again?';
    const seen = await seenBy(house, question);
    expect(seen.split('\n').slice(3)).toEqual(['[turn 3]', 'My dog is called Rex.', 'Good.', '</memory>']);
    expect(await seenBy(house, question)).toBe(question);
  });

  test('of older turns is not told where a recent one says it again', async () => {
    await using house = await createHouse();
    const fact = 'My dog is called Rex.';
    for (const turn of [fact, ...sums(5), fact, ...sums(6)]) await seenBy(house, turn);
    const question = 'How was my dog called again?';
    expect(await seenBy(house, question)).toBe(question);
  });

  test('is found in the middle of a long turn, by one word that tells', async () => {
    await using house = await createHouse();
    const log = Array.from({ length: 300 }, (_, line) => `Line ${line} is fine.`).join(' ');
    for (const turn of [`Look: ${log} The codename is Bluebird. ${log}`, ...sums(11)]) await seenBy(house, turn);
    const seen = await seenBy(house, 'Who is Bluebird?');
    expect(seen).toContain('The codename is Bluebird.');
    expect(seen.length).toBeLessThan(1_500);
  });

  test('is found in a script that has no spaces', async () => {
    await using house = await createHouse();
    const weather = Array.from({ length: 11 }, (_, i) => `城市${i}的天气怎么样？`);
    for (const turn of ['我的项目代号是蓝鸟，请记住。', ...weather]) await seenBy(house, turn);
    expect(await seenBy(house, '我的项目代号是什么？')).toContain('我的项目代号是蓝鸟');
  });

  test('of a turn that failed has no error in it: that was for people', async () => {
    await using house = await createHouse();
    const fail = () => {
      throw httpError(400, 'Bluebird is too large.');
    };
    const model = scriptedModel([{ at: { 0: fail } }]);
    await record(house.run(model, { sessionId: 's', inputMessages: asking('Open Bluebird.') }));
    for (const turn of sums(11)) await seenBy(house, turn);
    const seen = await seenBy(house, 'Who is Bluebird?');
    expect(seen).toContain('[turn 1]\nOpen Bluebird.\n</memory>');
  });

  test('is recalled once, as long as the model sees that', async () => {
    await using house = await createHouse();
    await mkdir(house.workspace, { recursive: true });
    await writeFile(join(house.workspace, 'MEMORY.md'), '# Deployment\n\nStaging is deployed by `make stage`.\n');
    const ask = 'Please deploy to staging';
    expect(await seenBy(house, ask)).toContain('make stage');
    for (let turn = 2; turn <= 13; turn += 1) expect(await seenBy(house, ask)).toBe(ask);
    await writeFile(join(house.workspace, 'MEMORY.md'), '# Deployment\n\nStaging is deployed by `make all`.\n');
    expect(await seenBy(house, ask)).toContain('make all');
  });

  test('is not recalled where a tool has just read or written it', async () => {
    await using house = await createHouse();
    await mkdir(house.workspace, { recursive: true });
    const content = '# Deployment\n\nStaging is deployed by "make stage".\nThen wait.\n';
    const write = call('file_write', { file_path: 'MEMORY.md', content });
    const model = scriptedModel([write, 'Noted.']);
    await record(house.run(model, { sessionId: 's', toolManager, inputMessages: asking('Note it.') }));
    expect(await seenBy(house, 'Please deploy to staging')).toBe('Please deploy to staging');
  });

  test('costs nothing where there is none', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hi']);
    await record(house.run(model, { toolManager }));
    expect(conversations(model)[0]).toHaveLength(1);
  });
});
