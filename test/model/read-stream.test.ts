import { describe, expect, test } from 'vitest';
import { MessageDraft } from '../../src/messages/assemble.ts';
import type { Piece } from '../../src/messages/message.ts';
import { AnswerReader, GarbledStream, ProviderReport } from '../../src/model/read-stream.ts';

const chunkOf = (delta: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});

function read(...chunks: unknown[]): { pieces: Piece[]; reader: AnswerReader } {
  const reader = new AnswerReader();
  const pieces = chunks.flatMap((chunk) => reader.read([JSON.stringify(chunk)]));
  expect(reader.failure).toBeUndefined();
  return { pieces, reader };
}

const piecesOf = (...deltas: unknown[]) => read(...deltas.map((delta) => chunkOf(delta))).pieces;

/** The calls that deltas with these fragments make together, as `id name arguments`. */
function callsOf(...fragments: unknown[][]): string[] {
  const draft = new MessageDraft();
  for (const piece of piecesOf(...fragments.map((tool_calls) => ({ tool_calls })))) draft.add(piece);
  return draft.toolCalls().map((call) => `${call.id} ${call.function.name} ${call.function.arguments}`);
}

const call = (name?: string, text?: unknown, rest: object = {}) => ({
  ...rest,
  type: 'function',
  function: { ...(name === undefined ? {} : { name }), ...(text === undefined ? {} : { arguments: text }) },
});

describe('the fields of a delta', () => {
  test.each<[string, unknown, Piece[]]>([
    ['text', { content: 'hi' }, [{ content: 'hi' }]],
    ['a role and no text', { role: 'assistant', content: '' }, []],
    ['nothing', {}, []],
    ['nulls', { content: null, tool_calls: null, reasoning_content: null, refusal: null }, []],
    ['text beside nulls', { content: 'hi', tool_calls: null, reasoning_content: null }, [{ content: 'hi' }]],
    ['text beside no calls', { content: 'hi', tool_calls: [] }, [{ content: 'hi' }]],
    ['reasoning_content', { content: null, reasoning_content: 'hm' }, [{ reasoning_content: 'hm' }]],
    ['reasoning', { content: '', reasoning: 'hm' }, [{ reasoning_content: 'hm' }]],
    [
      'the same reasoning under both names',
      { reasoning: 'hm', reasoning_content: 'hm' },
      [{ reasoning_content: 'hm' }],
    ],
    ['a refusal', { refusal: 'I cannot' }, [{ content: 'I cannot' }]],
    [
      'text parts',
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      [{ content: 'ab' }],
    ],
    [
      'thinking parts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'a' },
        ],
      },
      [{ content: 'a', reasoning_content: 'hm' }],
    ],
    [
      'all at once',
      { content: 'a', reasoning: 'hm', tool_calls: [call('f', '{}', { index: 0, id: 'x' })] },
      [
        {
          content: 'a',
          reasoning_content: 'hm',
          tool_calls: [{ index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
      ],
    ],
  ])('%s', (_, delta, pieces) => expect(piecesOf(delta)).toEqual(pieces));
});

describe('the calls fragments make', () => {
  test.each<[string, unknown[][], string[]]>([
    [
      'as OpenAI sends them',
      [
        [call('f', '', { index: 0, id: 'x' })],
        [{ index: 0, function: { arguments: '{"a"' } }],
        [{ index: 0, function: { arguments: ':1}' } }],
        [call('g', '', { index: 1, id: 'y' })],
        [{ index: 1, function: { arguments: '{}' } }],
      ],
      ['x f {"a":1}', 'y g {}'],
    ],
    [
      'fragments of two calls mixed',
      [
        [call('f', '{', { index: 0, id: 'x' }), call('g', '[', { index: 1, id: 'y' })],
        [
          { index: 1, function: { arguments: ']' } },
          { index: 0, function: { arguments: '}' } },
        ],
      ],
      ['x f {}', 'y g []'],
    ],
    [
      'whole calls in one piece',
      [[call('f', '{"a":1}', { id: 'x' }), call('g', '{}', { id: 'y' })]],
      ['x f {"a":1}', 'y g {}'],
    ],
    [
      'index 0 for every call, with new ids',
      [[call('f', '{}', { index: 0, id: 'x' })], [call('f', '{}', { index: 0, id: 'y' })]],
      ['x f {}', 'y f {}'],
    ],
    [
      'index 0 for every call, in fragments',
      [
        [call('f', '{"a"', { index: 0, id: 'x' })],
        [{ index: 0, function: { arguments: ':1}' } }],
        [call('f', '{"b"', { index: 0, id: 'y' })],
        [{ index: 0, function: { arguments: ':2}' } }],
      ],
      ['x f {"a":1}', 'y f {"b":2}'],
    ],
    ['no index, fragments without an id', [[call('f', '{', { id: 'x' })], [call(undefined, '}')]], ['x f {}']],
    [
      'the id on each fragment',
      [[call('f', '{', { index: 0, id: 'x' })], [call(undefined, '}', { index: 0, id: 'x' })]],
      ['x f {}'],
    ],
    ['id and name on each fragment', [[call('f', '{', { id: 'x' })], [call('f', '}', { id: 'x' })]], ['x f {}']],
    [
      'an empty id on later fragments',
      [[call('f', '{', { index: 0, id: 'x' })], [call('', '}', { index: 0, id: '' })]],
      ['x f {}'],
    ],
    [
      'an id that comes after the name',
      [[call('f', '{', { index: 0 })], [call(undefined, '}', { index: 0, id: 'x' })]],
      ['x f {}'],
    ],
    [
      'an id that comes late',
      [[call(undefined, '', { index: 0 })], [call('f', '{}', { index: 0, id: 'x' })]],
      ['x f {}'],
    ],
    [
      'one id at two indexes',
      [[call('f', '{}', { index: 0, id: 'c' }), call('g', '{}', { index: 1, id: 'c' })]],
      ['c f {}', 'c g {}'],
    ],
    [
      'neither ids nor indexes',
      [[call('f', '{"a":1}'), call('f', '{"a":2}')], [call('g', '{}')]],
      [' f {"a":1}', ' f {"a":2}', ' g {}'],
    ],
    [
      'index 0 for every call, without ids',
      [[call('f', '{"a":1}', { index: 0 })], [call('f', '{"a":2}', { index: 0 })]],
      [' f {"a":1}', ' f {"a":2}'],
    ],
    [
      'the name on each fragment, without ids',
      [[call('f', '{"a":', { index: 0 })], [call('f', '{}}', { index: 0 })]],
      [' f {"a":{}}'],
    ],
    [
      'calls without arguments',
      [[call('f', undefined, { index: 0, id: 'x' })], [call('g', null, { index: 1, id: 'y' })]],
      ['x f ', 'y g '],
    ],
    ['arguments as an object', [[call('f', { a: [1] }, { index: 0, id: 'x' })]], ['x f {"a":[1]}']],
    [
      'a whole call sent again',
      [[call('f', '{"a":1}', { index: 0, id: 'x' })], [call('f', '{"a":1}', { index: 0, id: 'x' })]],
      ['x f {"a":1}'],
    ],
    [
      'a whole call sent again after its fragments',
      [
        [call('f', '{"a"', { index: 0, id: 'x' })],
        [{ index: 0, function: { arguments: ':1}' } }],
        [call('f', '{"a":1}', { index: 0, id: 'x' })],
      ],
      ['x f {"a":1}'],
    ],
    [
      'indexes that begin at 1',
      [[call('f', '{}', { index: 1, id: 'x' })], [call('g', '{}', { index: 2, id: 'y' })]],
      ['x f {}', 'y g {}'],
    ],
    [
      'nulls among the fragments',
      [[null, call('f', '{}', { index: 0, id: 'x' })], [{ index: 0, function: null }]],
      ['x f {}'],
    ],
  ])('%s', (_, fragments, calls) => expect(callsOf(...fragments)).toEqual(calls));

  test('a later fragment carries nothing but what it adds', () => {
    const fragments = [call('f', '{', { index: 3, id: 'x' }), call('f', '}', { index: 3, id: 'x' })];
    expect(piecesOf(...fragments.map((fragment) => ({ tool_calls: [fragment] })))).toEqual([
      { tool_calls: [{ index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: '{' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
    ]);
  });
});

describe('what the whole came to', () => {
  test('the finish reason', () => {
    expect(read(chunkOf({ content: 'a' }), chunkOf({}, 'stop')).reader.finishReason).toBe('stop');
    expect(read(chunkOf({ content: 'a' }, '')).reader.finishReason).toBeUndefined();
  });

  test.each([
    ['in a last chunk without choices', [chunkOf({}, 'stop'), { choices: [], usage: { prompt_tokens: 1 } }]],
    ['in a last chunk with choices null', [chunkOf({}, 'stop'), { choices: null, usage: { prompt_tokens: 1 } }]],
    [
      'on every chunk: the last counts',
      [
        { ...chunkOf({}), usage: { prompt_tokens: 9 } },
        { ...chunkOf({}), usage: { prompt_tokens: 1 } },
      ],
    ],
    [
      'on an early chunk, null later',
      [
        { ...chunkOf({}), usage: { prompt_tokens: 1 } },
        { ...chunkOf({}), usage: null },
      ],
    ],
    ['in the choice', [{ choices: [{ delta: {}, usage: { prompt_tokens: 1 } }] }]],
  ])('usage %s', (_, chunks) => expect(read(...chunks).reader.usage).toEqual({ prompt_tokens: 1 }));

  test('only the first choice is read', () => {
    const { pieces, reader } = read(
      { choices: [{ index: 1, delta: { content: 'no' }, finish_reason: 'length' }] },
      {
        choices: [
          { index: 1, delta: { content: 'no' } },
          { index: 0, delta: { content: 'yes' } },
        ],
      },
      { choices: [{ delta: { content: '!' }, finish_reason: 'stop' }] },
    );
    expect(pieces).toEqual([{ content: 'yes' }, { content: '!' }]);
    expect(reader.finishReason).toBe('stop');
  });

  test('an answer that came whole', () => {
    const { pieces, reader } = read({
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    });
    expect(pieces).toEqual([{ content: 'hi' }]);
    expect(reader.finishReason).toBe('stop');
  });

  test('chunks that a client has parsed already', () => {
    expect(new AnswerReader().read([chunkOf({ content: 'a' })])).toEqual([{ content: 'a' }]);
  });
});

describe('what breaks the reading', () => {
  test.each([
    ['an error object', { error: { message: 'busy', code: 503 } }, { message: 'busy', code: 503 }],
    ['an error text', { error: 'busy' }, 'busy'],
    [
      'an error beside choices',
      { error: { message: 'busy' }, choices: [{ delta: {}, finish_reason: 'error' }] },
      { message: 'busy' },
    ],
    ['an error in the choice', { choices: [{ delta: {}, error: { message: 'busy' } }] }, { message: 'busy' }],
    ['an object of type error', { object: 'error', message: 'busy' }, { object: 'error', message: 'busy' }],
  ])('%s is the report of the provider, after the pieces before it', (_, chunk, report) => {
    const reader = new AnswerReader();
    expect(reader.read([JSON.stringify(chunkOf({ content: 'a' })), JSON.stringify(chunk)])).toEqual([{ content: 'a' }]);
    expect(reader.failure).toBeInstanceOf(ProviderReport);
    expect((reader.failure as ProviderReport).report).toEqual(report);
    expect(reader.finishReason).toBeUndefined();
  });

  test.each(['{"choices":[{"del', 'null', '7', '"text"', '<html>'])('%s is garbled', (payload) => {
    const reader = new AnswerReader();
    expect(reader.read([JSON.stringify(chunkOf({ content: 'a' })), payload])).toEqual([{ content: 'a' }]);
    expect(reader.failure).toBeInstanceOf(GarbledStream);
  });
});

test('ten thousand argument fragments cost the same each as one thousand', () => {
  const fragment = JSON.stringify(
    chunkOf({ tool_calls: [{ index: 0, id: 'x', function: { name: 'f', arguments: 'word ' } }] }),
  );
  const perFragment = (count: number) => {
    const batch = Array.from({ length: count }, () => fragment);
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      new AnswerReader().read(batch);
      return (performance.now() - started) / count;
    });
    return Math.min(...times);
  };
  perFragment(10_000);
  expect(perFragment(10_000)).toBeLessThan(perFragment(1_000) * 4);
});
