import { describe, expect, test } from 'vitest';
import { step } from '../../src/agents/step.ts';
import { tool } from '../tools/helpers.ts';
import { createWorld, read, sent } from './helpers.ts';

describe('a step that acts', () => {
  const look = tool('look', () => 'a lake');

  test('runs the calls, and their results are in the next request', async () => {
    const world = createWorld({
      answers: [{ text: 'Wait.', toolCalls: [{ name: 'look' }] }, 'A lake.'],
      tools: [look],
    });
    const { chunks, outcome } = await read(step(world.context));
    expect(outcome).toEqual({ type: 'acted', messageId: chunks[0]?.message_id });
    expect(chunks.at(-1)).toMatchObject({
      role: 'tool',
      content: 'a lake',
      tool_call_id: 'call_1',
      message_type: 'tool_call_result',
    });
    expect(world.phases).toEqual(['model', 'tools']);

    await read(step(world.context));
    const call = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };
    expect(sent(world, 1)).toEqual([
      ...sent(world, 0),
      { role: 'assistant', content: 'Wait.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'a lake' },
    ]);
  });

  test('syncs once, when the reply and its intents are stored, before the first tool starts', async () => {
    const stored: unknown[] = [];
    const world = createWorld({
      answers: [{ toolCalls: [{ name: 'look' }] }],
      tools: [tool('look', () => void stored.push([...world.writer.synced], world.entries().at(-1)))],
    });
    await read(step(world.context));
    expect(stored).toEqual([[expect.any(Number)], expect.objectContaining({ type: 'intents', calls: [0] })]);
    expect(world.writer.synced).toHaveLength(1);
  });

  test('gives calls without an id one of their own', async () => {
    const world = createWorld({
      answers: [
        {
          toolCalls: [
            { name: 'look', id: '' },
            { name: 'look', id: '' },
          ],
        },
      ],
      tools: [look],
    });
    const { chunks } = await read(step(world.context));
    const [reply, ...results] = world.ledger.messages().slice(1);
    const ids = reply?.tool_calls?.map(({ id }) => id) ?? [];
    expect(ids).toEqual([expect.stringMatching(/^call_.{12}$/), expect.stringMatching(/^call_.{12}$/)]);
    expect(new Set(ids).size).toBe(2);
    expect(results.map(({ tool_call_id }) => tool_call_id)).toEqual(ids);
    expect(chunks.filter(({ message_id }) => message_id === reply?.message_id).at(-1)?.is_final).toBe(true);
  });

  test('shows results in call order, however they come', async () => {
    const gate = Promise.withResolvers<string>();
    const world = createWorld({
      answers: [{ toolCalls: [{ name: 'slow' }, { name: 'fast' }] }],
      tools: [
        tool('slow', () => gate.promise),
        tool('fast', () => {
          setImmediate(() => gate.resolve('slow'));
          return 'fast';
        }),
      ],
    });
    const { chunks } = await read(step(world.context));
    expect(world.entries().filter(({ type }) => type === 'settled')).toHaveLength(1);
    expect(chunks.filter(({ role }) => role === 'tool').map(({ content }) => content)).toEqual(['slow', 'fast']);
  });

  test('tells progress as a message of its own, which the model is not sent', async () => {
    const walk = tool('walk', async function* () {
      yield 'half';
      return 'there';
    });
    const world = createWorld({ answers: [{ toolCalls: [{ name: 'walk' }] }, 'Done'], tools: [walk] });
    const { chunks } = await read(step(world.context));
    expect(chunks.slice(-3)).toMatchObject([
      { message_type: 'tool_progress', content: 'half', tool_call_id: 'call_1', is_final: false },
      { message_type: 'tool_progress', is_final: true },
      { message_type: 'tool_call_result', content: 'there' },
    ]);
    await read(step(world.context));
    expect(sent(world, 1)).toHaveLength(3);
  });
});
