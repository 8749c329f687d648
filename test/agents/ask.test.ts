import { describe, expect, test } from 'vitest';
import type { AgentContext } from '../../src/agents/agent.ts';
import { defineAnswer } from '../../src/agents/answer-shape.ts';
import { ask, type Question } from '../../src/agents/ask.ts';
import { httpError, stall } from '../../src/testing/index.ts';
import { createWorld, read } from './helpers.ts';

const shape = defineAnswer('number', {
  type: 'object',
  properties: { value: { type: 'integer' } },
  required: ['value'],
  additionalProperties: false,
});

async function answerOf(context: AgentContext, more: Partial<Question<{ value: number }>> = {}) {
  return (await read(ask(context, { instruction: 'Which number?', shape, ...more }))).outcome;
}

describe('a question', () => {
  test('is answered with a value of its shape; it is no step, and its figures count', async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2 };
    const { context, model, writer, ledger } = createWorld({ answers: [{ text: '{"value": 7}', usage }] });
    expect(await answerOf(context)).toEqual({ type: 'answered', answer: { value: 7 } });
    expect(model.requests[0]).toMatchObject({
      model: 'm',
      response_format: { type: 'json_schema', json_schema: { name: 'number', strict: true } },
    });
    expect(writer.records.flatMap(({ entries }) => entries).slice(-2)).toMatchObject([
      { type: 'model_called', helper: true },
      { type: 'model_used', usage },
    ]);
    expect(context.budget.stepsTaken()).toBe(0);
    expect(ledger.messages().map(({ role }) => role)).toEqual(['user']);
  });

  test('that is small goes to the fast model', async () => {
    const { context, model } = createWorld({ answers: ['{"value": 7}'] });
    await answerOf(context, { isSmall: true });
    expect(model.requests[0]?.model).toBe('small');
  });

  test('is unclear after two answers that do not fit', async () => {
    const { context, model } = createWorld({ answers: ['{"value": "7"}', '{"value": 7, "why": "so"}'] });
    expect(await answerOf(context)).toEqual({ type: 'unclear' });
    model.assertSpent();
  });

  test('ends promptly when the run is stopped', async () => {
    const { context, controller } = createWorld({ answers: [{ text: '{"value": 7}', at: { 1: stall } }] });
    const answer = answerOf(context);
    setTimeout(() => controller.abort(), 10);
    expect(await answer).toEqual({ type: 'stopped' });
    expect(await answerOf(context)).toEqual({ type: 'stopped' });
  });

  test('is not asked when the tokens are used up', async () => {
    const usage = { prompt_tokens: 50, completion_tokens: 2 };
    const { context, model } = createWorld({ answers: [{ text: '{"value": "x"}', usage }], maxTokens: 50 });
    expect(await answerOf(context)).toEqual({ type: 'budget' });
    model.assertSpent();
  });

  test('fails with what the model failed with', async () => {
    const refuse = {
      at: {
        0: () => {
          throw httpError(401, 'no such key');
        },
      },
    };
    const { context } = createWorld({ answers: [refuse] });
    expect(await answerOf(context)).toMatchObject({ type: 'failed', error: { code: 'model-error' } });
  });
});
