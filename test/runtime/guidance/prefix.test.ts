import { describe, expect, test } from 'vitest';
import { record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import type { RunOptions } from '../../../src/index.ts';
import { brokenPrefixes } from '../../support/guidance.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

/** All that a history can hold: reasoning, text beside calls, several results, broken arguments, odd letters. */
const eventful: readonly ScriptedAnswer[] = [
  {
    reasoning: ['Let me ', 'think'],
    text: 'I will look.',
    toolCalls: [...echo('ä€😀').toolCalls, ...echo('"\\\n').toolCalls],
  },
  { toolCalls: [{ name: 'echo', arguments: '{"text":' }, { name: 'nobody' }] },
  { text: ['half a ', '\ud83d', '\ude00'] },
];

const toolManager = managerOf(echoTool());
const systemContext = { weather: 'mild', list: [1, { a: 'b' }] };
const options: Partial<RunOptions> = { sessionId: 's', toolManager, systemContext };
const say = (content: RunOptions['inputMessages'][number]['content']) => ({
  inputMessages: [{ role: 'user' as const, content }],
});

describe('each request begins with the bytes of the one before', () => {
  test('in a run, across its runs, and across a restart', async () => {
    await using house = await createHouse();
    const first = scriptedModel(eventful);
    await record(house.run(first, { ...options, ...say('Look around') }));
    const second = scriptedModel([echo('again'), 'Done']);
    await record(house.run(second, { ...options, ...say([{ type: 'text', text: 'And again' }]) }));
    const third = scriptedModel([echo('anew'), 'Done']);
    await record(house.restart().runStream(house.options(third, { ...options, ...say('Once more') })));
    const requests = [first, second, third].flatMap((model) => [...model.requests]);
    expect(requests).toHaveLength(7);
    expect(brokenPrefixes(requests)).toEqual([]);
    const { entries } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'prefix_changed')).toEqual([]);
  });

  test('also after a run that was stopped in the middle', async () => {
    await using house = await createHouse();
    const first = scriptedModel([echo('a'), { reasoning: 'Hm', text: ['half a', ' word'], ...echo('b') }]);
    const run = house.run(first, options);
    for await (const batch of run) if (batch.some(({ content }) => content === 'half a')) break;
    const models = [first];
    for (const agent of [house.agent, house.restart(), house.restart()]) {
      const model = scriptedModel(['ok']);
      models.push(model);
      await record(agent.runStream(house.options(model, { ...options, ...say('Go on') })));
    }
    const requests = models.flatMap((model) => [...model.requests]);
    expect(brokenPrefixes(requests)).toEqual([]);
    const [, , , partial] = requests.at(-1)?.messages.slice(1) ?? [];
    expect(partial).toEqual({ role: 'assistant', content: 'half a' });
  });

  test('a journal that is read back gives the same bytes as the memory of who wrote it', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(eventful), { ...options, ...say('Look around') }));
    const warm = scriptedModel([]);
    const cold = scriptedModel([]);
    const stop = { ...options, ...say('?') };
    await record(house.run(warm, stop));
    await house.agent.cleanupSession('s');
    await record(house.run(cold, stop));
    const [before, after] = [warm, cold].map(({ requests }) => JSON.stringify(requests[0]?.messages));
    expect(after?.startsWith(before?.slice(0, -1) ?? '-')).toBe(true);
    expect(JSON.stringify(cold.requests[0]?.tools)).toBe(JSON.stringify(warm.requests[0]?.tools));
  });

  test('the changing facts stand before the newest input, and stay as they were', async () => {
    await using house = await createHouse();
    const first = scriptedModel(['ok']);
    await record(house.run(first, { ...options, ...say('One') }));
    const second = scriptedModel(['ok']);
    await record(house.run(second, { ...options, systemContext: { weather: 'rain' }, ...say('Two') }));
    const [one, , two] = second.requests[0]?.messages.slice(1) ?? [];
    expect(one).toEqual(first.requests[0]?.messages[1]);
    expect(one.content).toContain('weather: mild');
    expect(two.content).toMatch(/^<context>\ncurrent_time: .*\nweather: rain\n<\/context>\n\nTwo$/);
  });
});
