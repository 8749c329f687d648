import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinTools, ToolManager } from '../../../src/index.ts';
import { searchNotes } from '../../../src/memory/search-notes.ts';
import { splitNotes } from '../../../src/memory/split-notes.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';

const toolManager = new ToolManager({ tools: builtinTools() });
const asking = (content: string) => [{ role: 'user', content }] as const;

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

  test('files are not followed out of the workspace', async () => {
    await using house = await createHouse();
    await mkdir(house.workspace, { recursive: true });
    await writeFile(join(house.workspace, '../secret.md'), 'The staging deployment secret.');
    await symlink('../secret.md', join(house.workspace, 'MEMORY.md'));
    const model = scriptedModel(['No idea.']);
    await record(house.run(model, { toolManager, inputMessages: asking('What is the staging deployment secret?') }));
    expect(conversations(model)[0]).toHaveLength(1);
  });

  test('of older turns of the session comes back when it fits', async () => {
    await using house = await createHouse();
    const turns = ['My dog is called Rex.', ...Array.from({ length: 11 }, (_, i) => `Add ${i} and one, please.`)];
    const said = async (content: string) => {
      const model = scriptedModel(['Good.']);
      await record(house.run(model, { sessionId: 's', inputMessages: asking(content) }));
      return texts(conversations(model)[0]);
    };
    for (const turn of turns) expect((await said(turn)).at(-1)).toBe(turn);
    const [question, recalled] = (await said('How was my dog called again?')).slice(-2);
    expect(question).toBe('How was my dog called again?');
    expect(recalled).toContain('[turn 1]\nMy dog is called Rex.\nGood.');
  });

  test('costs nothing where there is none', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hi']);
    await record(house.run(model, { toolManager }));
    expect(conversations(model)[0]).toHaveLength(1);
  });
});

test.each([
  ['the words they share', 'weather tomorrow', ['The weather of tomorrow is rainy.']],
  ['no single common word', 'Which flowers bloom tomorrow?', []],
  ['a single word, where it is all there is', 'weather', ['The weather of tomorrow is rainy.']],
  ['nothing short', 'is it so', []],
  ['words of other scripts', '天气', ['天气 很好']],
])('notes are found by %s', async (_, query, found) => {
  const notes = ['The weather of tomorrow is rainy.', 'Bob cooks tomorrow.', '天气 很好'].map((text) => ({
    source: 'x',
    text,
  }));
  expect((await searchNotes(notes, query, 5)).map(({ text }) => text)).toEqual(found);
});

test('a Markdown text becomes notes, each under its heading', () => {
  const text = '# Title\nFirst.\n\nSecond.\n## Part\n\nThird.\n\n\n# Empty\n';
  expect(splitNotes('f.md', text).map((note) => note.text)).toEqual([
    'Title: First.',
    'Title: Second.',
    'Part: Third.',
  ]);
});
