import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, finish, serve, stall, text, type Answer } from '../../model/sse-server.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { echoCall } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

const deadlines = { firstChunkMs: 500, chunkMs: 150 };

/** Sends a comment every now and then, as some providers do to keep a connection alive. */
const comments: Answer = (response) => {
  stall(text('Hel'))(response, undefined as never);
  const timer = setInterval(() => response.write(': still here\n\n'), 20);
  response.on('close', () => clearInterval(timer));
};

const stalls: [string, Answer, string, string | undefined][] = [
  ['without headers', () => {}, 'firstChunkMs', undefined],
  ['after its headers', stall(), 'firstChunkMs', undefined],
  ['in its text', stall(text('Hel')), 'chunkMs', 'deadline'],
  ['inside of an event', stall(text('Hel'), 'data: {"cho'), 'chunkMs', 'deadline'],
  ["in a call's arguments", stall(...echoCall('{"text":')), 'chunkMs', 'deadline'],
  ['with its arguments whole, without a finish reason', stall(...echoCall('{"text":"hi"}')), 'chunkMs', 'deadline'],
  ['behind comments', comments, 'chunkMs', 'deadline'],
];

describe('a provider that stalls', () => {
  test.each(stalls)('%s is out of time by %s', async (_, answer, deadline, incomplete) => {
    await using house = await createHouse();
    await using server = await serve(answer);
    const run = house.run(createOpenAI(server.url), { deadlines, sessionId: 's', toolManager: managerOf(echoTool()) });
    const { outcome } = await record(run);
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'deadline', phase: 'model' });
    expect(outcome.error?.message).toContain(`deadlines.${deadline}`);
    await server.closed(0);
    expect(server.bodies).toHaveLength(1);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual([]);
    const reply = stored.messages.find(({ agent_name }) => agent_name === 'simple');
    expect(reply?.metadata?.['incomplete']).toBe(incomplete);
  });

  test('after its finish reason has said all there is', async () => {
    await using house = await createHouse();
    await using server = await serve(stall(text('Hi'), finish()));
    const { outcome, text: said } = await record(house.run(createOpenAI(server.url), { deadlines }));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(said).toBe('Hi');
    await server.closed(0);
  });
});
