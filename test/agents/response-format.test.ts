import { describe, expect, test } from 'vitest';
import { defineAnswer, type AnswerShape } from '../../src/agents/answer-shape.ts';
import { ask } from '../../src/agents/ask.ts';
import { responseFormatOf } from '../../src/agents/response-format.ts';
import type { ChatRequest } from '../../src/model/model.ts';
import { httpError, scriptedModel } from '../../src/testing/index.ts';
import { createWorld, read } from './helpers.ts';

const shapeNamed = (name: string) =>
  defineAnswer(name, {
    type: 'object',
    properties: { value: { type: 'string', minLength: 2 } },
    required: ['value'],
    additionalProperties: false,
  });
const answer = '{"value": "ok"}';

/** Answers every request, and refuses those with a format that `refuses` has an error for. */
function client(refuses: (request: ChatRequest) => Error | undefined) {
  const answers = Array.from({ length: 12 }, () => (request: ChatRequest) => {
    const error = request['response_format'] === undefined ? undefined : refuses(request);
    if (error !== undefined) throw error;
    return answer;
  });
  return scriptedModel(answers);
}

/** Asks the client's model for the shape, and tells how each request looked. */
async function asked(model: ReturnType<typeof scriptedModel>, name: string, shape: AnswerShape<unknown>) {
  const { context } = createWorld();
  const before = model.requests.length;
  const prompt = { ...context.prompt, parameters: { model: name } };
  const { outcome } = await read(ask({ ...context, model, prompt }, { instruction: 'What?', shape }));
  const requests = model.requests.slice(before);
  return { outcome, formats: requests.map((request) => request['response_format'] !== undefined) };
}

describe('the schema of a response format', () => {
  test('has the keywords that structured output knows everywhere, and no others', () => {
    const inner = { type: 'string', minLength: 1, description: 'One.', format: 'date' };
    const shape = defineAnswer('any', {
      type: 'object',
      title: 'Any',
      properties: {
        pattern: { type: 'string', pattern: '\\S', enum: ['a', 'b'] },
        list: { type: 'array', items: inner, minItems: 1, maxItems: 5 },
        either: { anyOf: [inner, { type: 'integer', minimum: 3 }] },
      },
      required: ['pattern', 'list', 'either'],
      additionalProperties: false,
    });
    const bare = { type: 'string', description: 'One.' };
    expect(responseFormatOf(shape)).toEqual({
      type: 'json_schema',
      json_schema: {
        name: 'any',
        strict: true,
        schema: {
          type: 'object',
          properties: {
            pattern: { type: 'string', enum: ['a', 'b'] },
            list: { type: 'array', items: bare },
            either: { anyOf: [bare, { type: 'integer' }] },
          },
          required: ['pattern', 'list', 'either'],
          additionalProperties: false,
        },
      },
    });
  });

  test('leaves the others to the check of the answer, and to the words of the question', async () => {
    const { context, model } = createWorld({ answers: ['{"value": "x"}', answer] });
    const { outcome } = await read(ask(context, { instruction: 'What?', shape: shapeNamed('short') }));
    expect(outcome).toEqual({ type: 'answered', answer: { value: 'ok' } });
    model.assertSpent();
    expect(JSON.stringify(model.requests[0]?.['response_format'])).not.toContain('minLength');
    expect(model.requests[0]?.messages.at(-1).content).toContain('"minLength":2');
  });
});

describe('a format that is refused', () => {
  test.each([
    ['without a word', httpError(400, 'status code (no body)')],
    ['as a body that cannot be processed', httpError(422, 'Unprocessable Entity')],
    ['in words', httpError(404, 'Structured output is not there.')],
  ])('%s is left out once before the question fails', async (_, error) => {
    const { outcome, formats } = await asked(
      client(() => error),
      'm',
      shapeNamed('a'),
    );
    expect(outcome).toEqual({ type: 'answered', answer: { value: 'ok' } });
    expect(formats).toEqual([true, false]);
  });

  test('by a model without structured output is not tried again with that model, and is with others', async () => {
    const refusal = httpError(400, "'response_format' of type 'json_schema' is not supported with this model");
    const model = client((request) => (request.model === 'small' ? refusal : undefined));
    expect((await asked(model, 'small', shapeNamed('a'))).formats).toEqual([true, false]);
    expect((await asked(model, 'small', shapeNamed('b'))).formats).toEqual([false]);
    expect((await asked(model, 'large', shapeNamed('a'))).formats).toEqual([true]);
    expect(
      (
        await asked(
          client(() => undefined),
          'small',
          shapeNamed('a'),
        )
      ).formats,
    ).toEqual([true]);
  });

  test.each([
    ['for its schema', "Invalid schema for response_format 'a': 'items' is not permitted."],
    ['for no reason that is given', 'status code (no body)'],
  ])('%s is not tried again with that schema, and is with others', async (_, message) => {
    const [one, other] = [shapeNamed('a'), shapeNamed('b')];
    const model = client(({ response_format }) =>
      JSON.stringify(response_format).includes('"a"') ? httpError(400, message) : undefined,
    );
    expect((await asked(model, 'm', one)).formats).toEqual([true, false]);
    expect((await asked(model, 'm', one)).formats).toEqual([false]);
    expect((await asked(model, 'm', other)).formats).toEqual([true]);
  });

  test('by a server that refuses the same without it fails with what that said, and is not remembered', async () => {
    const shape = shapeNamed('a');
    const refuse = (message: string) => () => {
      throw httpError(400, message);
    };
    const model = scriptedModel([refuse('No such thing.'), refuse('The prompt is empty.'), answer]);
    const { outcome, formats } = await asked(model, 'm', shape);
    expect(outcome).toMatchObject({ type: 'failed', error: { code: 'model-error' } });
    expect(outcome.type === 'failed' && outcome.error.message).toContain('The prompt is empty.');
    expect(formats).toEqual([true, false]);
    expect((await asked(model, 'm', shape)).formats).toEqual([true]);
  });

  test('is not the reason of a failure of another kind', async () => {
    const { outcome, formats } = await asked(
      client(() => httpError(401, 'no such key')),
      'm',
      shapeNamed('a'),
    );
    expect(outcome).toMatchObject({ type: 'failed' });
    expect(formats).toEqual([true]);
  });
});
