import { describe, expect, test } from 'vitest';
import { addCall, addFigures, hasFigures, noUsage, type WireUsage } from '../../src/messages/usage.ts';

describe('usage', () => {
  test('counts a call without figures as such, never as zero tokens', () => {
    expect(addCall(noUsage)).toEqual({ ...noUsage, calls: 1, callsWithoutUsage: 1 });
  });

  test('adds the figures of each call', () => {
    const first = { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 8 } };
    const second = { prompt_tokens: 5, completion_tokens: 1, completion_tokens_details: { reasoning_tokens: 1 } };
    expect(addFigures(addCall(addFigures(addCall(noUsage), first)), second)).toEqual({
      calls: 2,
      callsWithoutUsage: 0,
      inputTokens: 15,
      cachedInputTokens: 8,
      outputTokens: 3,
      reasoningTokens: 1,
    });
  });

  test('takes what a provider leaves out, or sends as null, for nothing', () => {
    const wire = {
      prompt_tokens: 3,
      completion_tokens: null,
      prompt_tokens_details: null,
      completion_tokens_details: {},
    };
    expect(addFigures(addCall(noUsage), wire)).toMatchObject({ inputTokens: 3, outputTokens: 0, cachedInputTokens: 0 });
  });

  test.each<[WireUsage | undefined, boolean]>([
    [undefined, false],
    [{}, false],
    [{ prompt_tokens: null, completion_tokens: null }, false],
    [{ prompt_tokens: 0 }, true],
    [{ completion_tokens: 0 }, true],
  ])('%j holds figures: %s', (wire, holds) => {
    expect(hasFigures(wire)).toBe(holds);
  });
});
