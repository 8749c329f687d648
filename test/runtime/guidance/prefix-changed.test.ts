import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { brokenPrefixes } from '../../support/guidance.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf, newLog, waitingTool } from '../../support/tools.ts';

const input = { role: 'user', content: 'Hello', message_id: 'm1' } as const;
const next = { role: 'user', content: 'Go on' } as const;
const base: Partial<RunOptions> = { sessionId: 's', toolManager: managerOf(echoTool()), inputMessages: [input] };

const changes: [string, Partial<RunOptions>, readonly string[]][] = [
  ['nothing new', {}, []],
  ['another system prompt', { systemPrefix: 'Be long.' }, ['system']],
  ['other tools', { toolManager: managerOf(echoTool(), waitingTool(newLog())) }, ['tools']],
  ['both', { systemPrefix: '', toolManager: managerOf() }, ['system', 'tools']],
  ['a replaced message', { inputMessages: [{ ...input, content: 'Hullo' }, next] }, ['replaced-message']],
  ['a message given again', { inputMessages: [input, next] }, []],
];

describe('a run that begins with other bytes says why in the journal:', () => {
  test.each(changes)('%s', async (_, more, causes) => {
    await using house = await createHouse();
    const first = scriptedModel(['Hi']);
    await record(house.run(first, base));
    const second = scriptedModel(['Hi again']);
    await record(house.run(second, { ...base, inputMessages: [next], ...more }));
    const { entries } = await readSession(house.root, 's');
    expect(entries.flatMap((entry) => (entry.type === 'prefix_changed' ? [entry.cause] : []))).toEqual(causes);
    const requests = [...first.requests, ...second.requests];
    expect(brokenPrefixes(requests)).toEqual(causes.length === 0 ? [] : [1]);
  });
});

test('the order in which tools are registered changes nothing', async () => {
  await using house = await createHouse();
  const tools = [echoTool(), waitingTool(newLog())] as const;
  const first = scriptedModel(['Hi']);
  await record(house.run(first, { ...base, toolManager: managerOf(...tools) }));
  const second = scriptedModel(['Hi again']);
  await record(house.run(second, { ...base, inputMessages: [next], toolManager: managerOf(tools[1], tools[0]) }));
  expect(brokenPrefixes([...first.requests, ...second.requests])).toEqual([]);
});

test('a tool registered while a run goes on is not offered to it', async () => {
  await using house = await createHouse();
  const toolManager = managerOf(echoTool());
  const model = scriptedModel([
    () => {
      toolManager.registerTool(waitingTool(newLog()));
      return { toolCalls: [{ name: 'echo', arguments: { text: 'a' } }] };
    },
    'Done',
  ]);
  await record(house.run(model, { sessionId: 's', toolManager }));
  expect(brokenPrefixes(model.requests)).toEqual([]);
  expect(model.requests[1]?.tools).toHaveLength(1);
});

test('a replaced message is sent in its old place, with the facts it was first shown with', async () => {
  await using house = await createHouse();
  const first = scriptedModel(['Hi']);
  await record(house.run(first, base));
  const second = scriptedModel(['Hi again']);
  await record(house.run(second, { ...base, inputMessages: [{ ...input, content: 'Hullo' }, next] }));
  const [before] = first.requests[0]?.messages.slice(1) ?? [];
  const [after, ...rest] = second.requests[0]?.messages.slice(1) ?? [];
  expect(after.content).toBe(before.content.replace('Hello', 'Hullo'));
  expect(rest.map(({ role }) => role)).toEqual(['assistant', 'user']);
});
