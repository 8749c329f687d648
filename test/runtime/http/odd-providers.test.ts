import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/index.ts';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, done, event, finish, serve, stream, text, usage } from '../../model/sse-server.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { delta, sayDone } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

const whole = { id: 'c1', type: 'function', function: { name: 'echo', arguments: '{"text":"hi"}' } };
const other = { id: 'c2', type: 'function', function: { name: 'echo', arguments: '{"text":"ho"}' } };
const ended = [finish('tool_calls'), done];

/** How the provider writes its answer, and the reply that comes of it. */
const odd: [string, readonly string[], Partial<Message>][] = [
  [
    'a whole call in one piece',
    [delta({ tool_calls: [{ index: 0, ...whole }] }), ...ended],
    { tool_calls: [whole] as never },
  ],
  [
    'calls without an index',
    [delta({ tool_calls: [whole] }), delta({ tool_calls: [other] }), ...ended],
    { tool_calls: [whole, other] as never },
  ],
  [
    'two calls in one piece',
    [
      delta({
        tool_calls: [
          { index: 0, ...whole },
          { index: 1, ...other },
        ],
      }),
      ...ended,
    ],
    { tool_calls: [whole, other] as never },
  ],
  [
    'text beside its call',
    [delta({ content: 'I look. ', tool_calls: [{ index: 0, ...whole }] }), ...ended],
    { content: 'I look. ', tool_calls: [whole] as never },
  ],
  [
    'text, reasoning and call in one piece',
    [delta({ content: 'I look. ', reasoning_content: 'Hm.', tool_calls: [{ index: 0, ...whole }] }), ...ended],
    { content: 'I look. ', reasoning_content: 'Hm.', tool_calls: [whole] as never },
  ],
  [
    'its finish reason with the call',
    [delta({ tool_calls: [{ index: 0, ...whole }] }, 'tool_calls'), done],
    { tool_calls: [whole] as never },
  ],
  [
    'arguments that are an object',
    [delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'echo', arguments: { text: 'hi' } } }] }), ...ended],
    { tool_calls: [whole] as never },
  ],
  [
    'a call where it says "stop"',
    [delta({ tool_calls: [{ index: 0, ...whole }] }), finish('stop'), done],
    { tool_calls: [whole] as never },
  ],
];

describe('a provider that sends', () => {
  test.each(odd)('%s is understood, and its calls are run', async (_, parts, reply) => {
    await using house = await createHouse();
    await using server = await serve(stream(...parts), sayDone);
    const run = house.run(createOpenAI(server.url), { toolManager: managerOf(echoTool()), sessionId: 's' });
    const { outcome, messages } = await record(run);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(messages[0]).toMatchObject(reply);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual(reply.tool_calls?.map(() => 'success'));
    expect(stored.messages[1]).toMatchObject(reply);
  });

  test('calls without an id gets one for each, and their results refer to it', async () => {
    await using house = await createHouse();
    const { id: _, ...nameless } = whole;
    await using server = await serve(
      stream(
        delta({
          tool_calls: [
            { index: 0, ...nameless },
            { index: 1, ...nameless },
          ],
        }),
        ...ended,
      ),
      sayDone,
    );
    const { outcome } = await record(
      house.run(createOpenAI(server.url), { toolManager: managerOf(echoTool()), sessionId: 's' }),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    const ids = stored.messages[1]?.tool_calls?.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(2);
    expect(ids).toEqual([expect.stringMatching(/^call_./), expect.stringMatching(/^call_./)]);
  });

  test.each([
    ['in a last chunk without choices', [text('Hi'), finish(), usage, done]],
    [
      'in every chunk',
      [
        event({ choices: [{ delta: { content: 'Hi' } }], usage: { prompt_tokens: 3, completion_tokens: 1 } }),
        finish(),
        usage,
      ],
    ],
    [
      'with its finish reason',
      [
        text('Hi'),
        event({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
      ],
    ],
  ])('its figures %s is counted once', async (_, parts) => {
    await using house = await createHouse();
    await using server = await serve(stream(...parts));
    const { outcome, text: said } = await record(house.run(createOpenAI(server.url)));
    expect(said).toBe('Hi');
    expect(outcome.usage).toMatchObject({ calls: 1, callsWithoutUsage: 0, inputTokens: 3, outputTokens: 2 });
  });

  test('text and reasoning in one piece shows both', async () => {
    await using house = await createHouse();
    await using server = await serve(
      stream(delta({ content: 'Hi', reasoning_content: 'Polite.' }), delta({ content: ' there' }), finish(), done),
    );
    const { outcome, messages } = await record(house.run(createOpenAI(server.url)));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(messages[0]).toMatchObject({
      content: 'Hi there',
      reasoning_content: 'Polite.',
      message_type: 'assistant_text',
    });
  });
});
