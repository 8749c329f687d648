import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, finish, serve, stream, text } from '../../model/sse-server.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { cut, echoCall, sayDone } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

const toolManager = managerOf(echoTool());

describe('an answer that breaks off', () => {
  test.each([
    ['in its text', cut(text('Hel'), text('lo')), 'Hello'],
    ['in its text, by a clean end', stream(text('Hel'), text('lo')), 'Hello'],
    ["in a call's arguments", cut(text('I look.'), ...echoCall('{"text":')), 'I look.'],
    ['with its arguments whole, by a clean end', stream(text('I look.'), ...echoCall('{"text":"hi"}')), 'I look.'],
    ['in the middle of an event', cut(text('Hello'), 'data: {"choices":[{"del'), 'Hello'],
  ])('%s fails the run, is asked for once, and runs nothing', async (_, answer, said) => {
    await using house = await createHouse();
    await using server = await serve(answer);
    const { outcome, chunks } = await record(house.run(createOpenAI(server.url), { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 'model-error',
      phase: 'model',
      error: { code: 'model-error' },
    });
    expect(server.bodies).toHaveLength(1);
    const [closing] = chunks.filter(({ is_chunk, is_final }) => is_chunk && is_final);
    expect(closing?.metadata).toEqual({ incomplete: 'stream-cut' });
    expect(chunks.slice(-2).map(({ message_type }) => message_type)).toEqual(['error', 'token_usage']);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual([]);
    expect(stored.messages[1]).toMatchObject({ content: said });
  });

  test('leaves its text, and not its calls, to the next run', async () => {
    await using house = await createHouse();
    await using server = await serve(cut(text('I look.'), ...echoCall('{"text":')), sayDone);
    const model = createOpenAI(server.url);
    await record(house.run(model, { toolManager, sessionId: 's' }));
    const { outcome } = await record(house.run(model, { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({ reason: 'done' });
    const { messages } = JSON.parse(server.bodies[1] ?? '') as { messages: unknown[] };
    expect(messages[2]).toEqual({ role: 'assistant', content: 'I look.' });
  });

  test('before its first piece is asked for again', async () => {
    await using house = await createHouse();
    await using server = await serve(cut(': hold on\n\n'), sayDone);
    const { outcome, text: said } = await record(house.run(createOpenAI(server.url)));
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 1 } });
    expect(said).toBe('Done');
    expect(server.bodies[1]).toBe(server.bodies[0]);
  });

  test('after its finish reason was whole', async () => {
    await using house = await createHouse();
    await using server = await serve(cut(text('Hi'), finish()));
    const { outcome, text: said } = await record(house.run(createOpenAI(server.url)));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(said).toBe('Hi');
  });
});
