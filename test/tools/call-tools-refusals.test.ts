import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CheckedCall } from '../../src/tools/prepare-call.ts';
import { defineTool } from '../../src/tools/tool.ts';
import { calls, createStage, told, tool } from './helpers.ts';

const started: unknown[] = [];
const look = defineTool({
  name: 'look',
  description: 'Looks.',
  parameters: z.object({ at: z.string().default('the sky') }),
  execute: ({ at }) => {
    started.push(at);
    return `You see ${at}.`;
  },
});

describe('what the model can mend is the result of its call:', () => {
  test.each([
    ['an unknown tool', 'fly', {}, 'TOOL_NOT_FOUND', 'Tool "fly" is unknown. Known tools: look.'],
    [
      'arguments that were cut',
      'look',
      '{"at": "th',
      'INVALID_ARGUMENT',
      /not valid JSON.*Nothing was run. You wrote: {"at": "th$/,
    ],
    ['arguments that are no JSON', 'look', 'at the sea', 'INVALID_ARGUMENT', /not valid JSON/],
    ['arguments that do not fit', 'look', { at: 1 }, 'INVALID_ARGUMENT', /do not fit its parameters: at: /],
    [
      'arguments that do not fit, with what it takes',
      'look',
      { where: 1, at: 1 },
      'INVALID_ARGUMENT',
      / It takes: at \(optional\)\.$/,
    ],
    ['arguments that are no object', 'look', '[]', 'INVALID_ARGUMENT', /expected object/],
  ])('%s', async (_, name, args, error_code, message) => {
    started.length = 0;
    const { run, log, outcomes } = createStage([look]);
    await run(calls([name, args]));
    expect(told(outcomes[0])).toEqual({ status: 'error', error_code, message: expect.stringMatching(message) });
    expect([log, started]).toEqual([['result 0: error'], []]);
  });

  test('a refusal, with its reason', async () => {
    const decide = () => ({ type: 'deny', reason: 'Not on a Sunday.' }) as const;
    const { run, log, outcomes } = createStage([look], { decide });
    await run(calls(['look']));
    expect(told(outcomes[0])).toEqual({
      status: 'error',
      error_code: 'PERMISSION_DENIED',
      message: 'Not on a Sunday.',
    });
    expect(log).toEqual(['result 0: error']);
  });

  test('long broken arguments are shown by their ends', async () => {
    const { run, outcomes } = createStage([look]);
    await run(calls(['look', `{"at": "${'x'.repeat(10_000)}`]));
    expect(outcomes[0]?.content.length).toBeLessThan(500);
  });
});

describe('arguments', () => {
  test.each(['', ' \n'])('that are %j are none: defaults are filled in', async (text) => {
    const { run, outcomes } = createStage([look]);
    await run(calls(['look', text]));
    expect(outcomes).toEqual([{ status: 'success', content: 'You see the sky.' }]);
  });

  test('are decided on as the tool will see them', async () => {
    const seen: unknown[] = [];
    const decide = async ({ args }: CheckedCall) => {
      seen.push(args);
      return { type: 'allow' } as const;
    };
    await createStage([look], { decide }).run(calls(['look']));
    expect(seen).toEqual([{ at: 'the sky' }]);
  });
});

function rejectWith(reason: unknown): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  reject(reason);
  return promise;
}

describe('what a tool gives back', () => {
  test.each([
    [undefined, ''],
    ['', ''],
    [{ sky: ['blue'] }, '{"sky":["blue"]}'],
  ])('%j is the result %j', async (output, content) => {
    const { run, outcomes } = createStage([tool('look', () => output)]);
    await run(calls(['look']));
    expect(outcomes).toEqual([{ status: 'success', content }]);
  });

  test.each([
    ['its own error', () => Promise.reject(new Error('Too dark.')), 'Tool "dark" failed: Too dark.'],
    ['an error at once', () => JSON.parse('{'), /^Tool "dark" failed: .*JSON/],
    ['what is no error', () => rejectWith('dark'), 'Tool "dark" failed: dark'],
    ['what JSON cannot hold', () => ({ n: 1n }), /^Tool "dark" failed: .*BigInt/],
  ])('as %s is told to the model', async (_, execute, message) => {
    const { run, log, outcomes } = createStage([tool('dark', execute)]);
    await run(calls(['dark']));
    expect(told(outcomes[0])).toEqual({
      status: 'error',
      error_code: 'EXECUTION_ERROR',
      message: expect.stringMatching(message),
    });
    expect(log).toEqual(['intents 0', 'result 0: error']);
  });

  test('one failing tool does not stop its siblings', async () => {
    const dark = tool('dark', () => Promise.reject(new Error('Too dark.')));
    const { run, log } = createStage([look, dark]);
    await run(calls(['dark'], ['look']));
    expect(log.toSorted()).toEqual(['intents 0,1', 'result 0: error', 'result 1: success']);
  });
});
