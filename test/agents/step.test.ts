import { describe, expect, test } from 'vitest';
import { step } from '../../src/agents/step.ts';
import { createWorld, read, sent } from './helpers.ts';

const usage = { prompt_tokens: 10, completion_tokens: 2 };

describe('a step that only answers', () => {
  test('yields the pieces of the answer, stores them, and is done', async () => {
    const world = createWorld({ answers: [{ text: ['Hel', 'lo'], usage }] });
    const { chunks, outcome } = await read(step(world.context));
    expect(outcome).toEqual({ type: 'done' });
    expect(chunks.map(({ content, is_final }) => [content, is_final])).toEqual([
      ['Hel', false],
      ['lo', false],
      [undefined, true],
    ]);
    expect(world.ledger.messages().at(-1)).toMatchObject({ role: 'assistant', agent_name: 'simple', content: 'Hello' });
    expect(world.phases).toEqual(['model']);
  });

  test('stores its last piece and its figures in one record', async () => {
    const world = createWorld({ answers: [{ text: 'Hello', usage }] });
    await read(step(world.context));
    expect(world.writer.records.at(-1)?.entries).toEqual([
      { type: 'closed', of: expect.any(Number) },
      { type: 'model_used', usage },
    ]);
  });

  test('asks with the system message and the history', async () => {
    const world = createWorld({ answers: ['Hello'] });
    await read(step(world.context));
    expect(world.model.requests).toMatchObject([
      {
        model: 'm',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ]);
  });

  test('may say nothing at all: no message is stored', async () => {
    const world = createWorld({ answers: [{}] });
    expect((await read(step(world.context))).outcome).toEqual({ type: 'done' });
    expect(world.ledger.messages()).toHaveLength(1);
  });

  test('takes pending guidance first, and yields it before the answer', async () => {
    const world = createWorld({ answers: ['Aye'] });
    world.session.append(world.ledger.guidance.queue('g', 'Talk like a pirate.', {}));
    const { chunks } = await read(step(world.context));
    expect(chunks.map(({ content }) => content)).toEqual(['Talk like a pirate.', 'Aye', undefined]);
    expect(sent(world, 0).at(-1)).toEqual({ role: 'user', content: 'Talk like a pirate.' });
    expect(world.ledger.guidance.size).toBe(0);
  });
});
