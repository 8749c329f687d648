import { describe, expect, test } from 'vitest';
import { simpleAgent } from '../../src/agents/simple.ts';
import type { ScriptedAnswer } from '../../src/testing/scripted-model.ts';
import { tool } from '../tools/helpers.ts';
import { createWorld, read, sent } from './helpers.ts';

const asks: ScriptedAnswer = { toolCalls: [{ name: 'look' }] };
const look = tool('look', () => 'a lake');

describe('the simple agent', () => {
  test('answers "Hello" with one model call', async () => {
    const world = createWorld({ answers: ['Hello!'] });
    expect((await read(simpleAgent.run(world.context))).outcome).toEqual({ type: 'done' });
    world.model.assertSpent();
  });

  test('lets model and tools take turns until there is nothing left to call', async () => {
    const world = createWorld({ answers: [asks, 'A lake.'], tools: [look] });
    const { chunks, outcome } = await read(simpleAgent.run(world.context));
    expect(outcome).toEqual({ type: 'done' });
    expect(chunks.map(({ content }) => content).filter(Boolean)).toEqual(['a lake', 'A lake.']);
    world.model.assertSpent();
  });

  test('begins each request with the bytes of the one before', async () => {
    const world = createWorld({ answers: [asks, { text: 'Again.', ...asks }, 'A lake.'], tools: [look] });
    await read(simpleAgent.run(world.context));
    const texts = world.model.requests.map(({ messages }) => JSON.stringify(messages).slice(0, -1));
    expect([texts[1]?.startsWith(texts[0] ?? '-'), texts[2]?.startsWith(texts[1] ?? '-')]).toEqual([true, true]);
  });

  test('stops when its steps are used up', async () => {
    const world = createWorld({ answers: [asks, asks], tools: [look], maxLoopCount: 2 });
    expect((await read(simpleAgent.run(world.context))).outcome).toEqual({ type: 'max-loops' });
    world.model.assertSpent();
  });

  test('takes guidance that came while its tools ran before the next call, behind their results', async () => {
    const guide = tool('look', () => {
      world.session.append(world.ledger.guidance.queue('g', 'Mind the ducks.', {}));
      return 'a lake';
    });
    const world = createWorld({ answers: [asks, 'A lake.'], tools: [guide] });
    await read(simpleAgent.run(world.context));
    expect(sent(world, 1).slice(-2)).toMatchObject([{ role: 'tool' }, { role: 'user', content: 'Mind the ducks.' }]);
  });
});

describe('the simple agent in a circle', () => {
  test('is told once, and stopped when it does the same again', async () => {
    const world = createWorld({ answers: [asks, asks, asks, asks], tools: [look] });
    const { chunks, outcome } = await read(simpleAgent.run(world.context));
    expect(outcome).toEqual({ type: 'loop-detected' });
    expect(sent(world, 3).at(-1)).toMatchObject({ role: 'user', content: expect.stringContaining('three times') });
    expect(chunks.filter(({ role }) => role === 'user')).toEqual([]);
    world.model.assertSpent();
  });

  test('may go on when it does something else after it was told', async () => {
    const world = createWorld({ answers: [asks, asks, asks, 'There is only a lake.'], tools: [look] });
    expect((await read(simpleAgent.run(world.context))).outcome).toEqual({ type: 'done' });
    world.model.assertSpent();
  });

  test('is none while the result of the call changes', async () => {
    let ducks = 0;
    const world = createWorld({
      answers: [asks, asks, asks, asks, asks, 'Enough.'],
      tools: [tool('look', () => (ducks += 1))],
    });
    expect((await read(simpleAgent.run(world.context))).outcome).toEqual({ type: 'done' });
    world.model.assertSpent();
  });
});
