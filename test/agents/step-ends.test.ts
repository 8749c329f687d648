import { describe, expect, test } from 'vitest';
import { step } from '../../src/agents/step.ts';
import { httpError, stall, type ScriptedAnswer } from '../../src/testing/scripted-model.ts';
import { aborted, tool } from '../tools/helpers.ts';
import { createWorld, read } from './helpers.ts';

const started: string[] = [];
const look = tool('look', () => void started.push('look'));
const asks: ScriptedAnswer = { toolCalls: [{ name: 'look' }], usage: { prompt_tokens: 10, completion_tokens: 2 } };

describe('a model call that fails', () => {
  test('at once ends the step, and no message is stored', async () => {
    const world = createWorld({ answers: [{ at: { 0: () => Promise.reject(httpError(400, 'No.')) } }] });
    const { chunks, outcome } = await read(step(world.context));
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'model-error', facts: { status: 400 } } });
    expect([chunks, world.ledger.messages().length]).toEqual([[], 1]);
  });

  test('in the middle leaves a message that says so, and none of its calls runs', async () => {
    started.length = 0;
    const broken = {
      text: 'I will',
      toolCalls: [{ name: 'look' }],
      at: { 2: () => Promise.reject(new Error('Gone.')) },
    };
    const world = createWorld({ answers: [broken], tools: [look] });
    const { chunks, outcome } = await read(step(world.context));
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'model-error' } });
    expect(chunks.at(-1)).toMatchObject({ is_final: true, metadata: { incomplete: 'stream-cut' } });
    expect([started, world.ledger.openCalls.size]).toEqual([[], 0]);
  });
});

describe('an answer cut at its length', () => {
  test('is marked, and the step is done', async () => {
    const world = createWorld({ answers: [{ text: 'Once upon', finishReason: 'length' }] });
    expect((await read(step(world.context))).outcome).toEqual({ type: 'done' });
    expect(world.ledger.messages().at(-1)?.metadata).toEqual({ incomplete: 'length' });
  });

  test('runs none of its calls, and the model is told', async () => {
    started.length = 0;
    const cut = { toolCalls: [{ name: 'look' }, { name: 'look', arguments: '{"at": "th' }], finishReason: 'length' };
    const world = createWorld({ answers: [cut], tools: [look] });
    const { chunks, outcome } = await read(step(world.context));
    expect(outcome.type).toBe('acted');
    expect(chunks.slice(-2).map(({ content }) => JSON.parse(content as string) as unknown)).toEqual([
      { status: 'not_run', message: expect.stringContaining('cut at the length limit') },
      { status: 'not_run', message: expect.stringContaining('cut at the length limit') },
    ]);
    expect(started).toEqual([]);
  });
});

describe('a step that is stopped', () => {
  test('before it begins asks nobody', async () => {
    const world = createWorld();
    world.controller.abort();
    expect(await read(step(world.context))).toEqual({ chunks: [], outcome: { type: 'stopped' } });
    expect(world.writer.records).toHaveLength(1);
  });

  test('while the model answers leaves its message open, for the end of the run to close', async () => {
    const world = createWorld({ answers: [{ text: ['Hel', 'lo'], at: { 1: stall } }] });
    const running = step(world.context);
    for (let next = await running.next(); next.value instanceof Array && next.value.length === 0;)
      next = await running.next();
    const next = running.next();
    world.controller.abort();
    expect(await next).toEqual({ done: true, value: { type: 'stopped' } });
    expect([...world.ledger.drafts.values()].map(({ draft }) => draft.content)).toEqual(['Hel']);
  });

  test('while a tool runs records how that ended', async () => {
    const world = createWorld({
      answers: [{ toolCalls: [{ name: 'wait' }] }],
      tools: [
        tool('wait', async (_, { signal }) => {
          setImmediate(() => world.controller.abort());
          await aborted(signal);
          throw signal.reason as Error;
        }),
      ],
    });
    expect((await read(step(world.context))).outcome).toEqual({ type: 'stopped' });
    expect(world.ledger.messages().at(-1)?.metadata).toMatchObject({ tool_execution_status: 'cancelled' });
  });
});

describe('a budget that is used up with calls open', () => {
  test.each([
    ['tokens', { maxTokens: 12 }, 'budget'],
    ['steps', { maxLoopCount: 1 }, 'max-loops'],
    ['tool calls', { maxToolCalls: 0 }, 'budget'],
  ] as const)('in %s leaves them open, for the end of the run to answer', async (_, limits, type) => {
    started.length = 0;
    const world = createWorld({ answers: [asks], tools: [look], ...limits });
    expect((await read(step(world.context))).outcome).toEqual({ type });
    expect([started, world.ledger.openCalls.size]).toEqual([[], 1]);
  });

  test('in tool calls lets those start that it still holds', async () => {
    started.length = 0;
    const world = createWorld({
      answers: [{ toolCalls: [{ name: 'look' }, { name: 'look' }] }],
      tools: [look],
      maxToolCalls: 1,
    });
    expect((await read(step(world.context))).outcome).toEqual({ type: 'budget' });
    expect([started, [...(world.ledger.openCalls.values().next().value?.answered ?? [])]]).toEqual([['look'], [0]]);
  });
});
