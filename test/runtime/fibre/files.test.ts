import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinTools, ToolManager } from '../../../src/index.ts';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { delegate, delegateTo, fibre, finish, resultsOf, sessionsIn, subAgent, subAgents, teamOf } from './team.ts';

const toolManager = new ToolManager({ tools: [...builtinTools()] });
const permissions = { mode: 'full-access' } as const;
const more = { ...fibre, customSubAgents: subAgents('Ann', 'Bob'), toolManager, permissions };
const write = (file_path: string, content: string) => call('file_write', { file_path, content });
const read = (file_path: string) => call('file_read', { file_path });

describe('children that work with files', () => {
  test('write the same name without meeting, and their parent finds both where their results say', async () => {
    await using house = await createHouse();
    const open = (place: number) => (request: ChatRequest) => {
      const { content } = request.messages.findLast((one) => JSON.stringify(one).includes('results')) as {
        content: string;
      };
      const { results } = JSON.parse(content) as { results: { folder: string }[] };
      return read(`${results[place]?.folder}/note.txt`);
    };
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), open(0), open(1), 'Ok.'],
      Ann: [write('note.txt', 'I am Ann.'), finish('See note.txt.')],
      Bob: [write('note.txt', 'I am Bob.'), finish('See note.txt.')],
    });
    const { messages } = await record(house.run(team, more));
    const [ann, bob] = resultsOf(messages);
    expect([ann?.folder, bob?.folder]).toEqual([
      `sub_agents/Ann/${ann?.session_id}`,
      `sub_agents/Bob/${bob?.session_id}`,
    ]);
    const files = messages.filter(({ metadata }) => metadata?.['tool_name'] === 'file_read');
    expect(files.map(({ content }) => content)).toEqual([
      expect.stringContaining('I am Ann.'),
      expect.stringContaining('I am Bob.'),
    ]);
    expect(await readFile(join(house.workspace, ann?.folder ?? '', 'note.txt'), 'utf8')).toBe('I am Ann.');
  });

  test('reach their parent’s folder by ../../.., with tools and with commands, however deep', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [write('task.txt', 'Paint.'), delegateTo('Ann'), 'Ok.'],
      Ann: [read('../../../task.txt'), write('part.txt', 'Red.'), delegateTo('Bob'), finish('a')],
      Bob: [
        call('execute_shell_command', { command: 'cat ../../../part.txt ../../../../../../task.txt' }),
        finish('b'),
      ],
    });
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
    const { messages } = await record(house.run(team, { ...more, customSubAgents }));
    team.assertSpent();
    const told = (name: string) => messages.find(({ metadata }) => metadata?.['tool_name'] === name)?.content;
    expect(told('file_read')).toContain('Paint.');
    expect(told('execute_shell_command')).toContain('Red.Paint.');
    const [ann] = resultsOf(messages);
    const [bob] = resultsOf(messages, ann?.session_id);
    // From the folder of whoever delegated.
    expect(bob?.folder).toBe(`sub_agents/Bob/${bob?.session_id}`);
  });

  test('find their files again when they are used again', async () => {
    await using house = await createHouse();
    const again = (request: ChatRequest) => delegate({ agent_id: 'Ann', session_id: sessionsIn(request)[0] ?? '' });
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.', again, 'Ok.'],
      Ann: [write('note.txt', 'I was here.'), finish('1'), read('note.txt'), finish('2')],
    });
    await record(house.run(team, more));
    const { messages } = await record(house.restart().runStream(house.options(team, more)));
    expect(messages.find(({ metadata }) => metadata?.['tool_name'] === 'file_read')?.content).toContain('I was here.');
  });

  test('have links in their results checked in their own folder', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), 'Ok.'],
      Ann: [write('note.txt', 'Here.'), finish('See [my note](note.txt).')],
      Bob: [finish('See [my note](note.txt).'), finish('I have none.')],
    });
    const { messages } = await record(house.run(team, more));
    team.assertSpent();
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['See [my note](note.txt).', 'I have none.']);
  });
});

describe('a child without tools for files', () => {
  test('has no folder, and is told of none', async () => {
    await using house = await createHouse();
    const customSubAgents = [subAgent('Ann', { available_tools: [] }), subAgent('Bob')];
    const team = teamOf({ lead: [delegateTo('Ann', 'Bob'), 'Ok.'], Ann: [finish('a')], Bob: [finish('b')] });
    const { messages } = await record(house.run(team, { ...more, customSubAgents }));
    const [ann, bob] = resultsOf(messages);
    expect(ann).not.toHaveProperty('folder');
    expect(bob).toHaveProperty('folder');
    const told = (name: string) => JSON.stringify(team.requestsOf(name)[0]?.messages[0]).includes('folder of your own');
    expect([told('Ann'), told('Bob')]).toEqual([false, true]);
  });
});
