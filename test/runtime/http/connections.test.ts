import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, serve, stall, text, type Answer } from '../../model/sse-server.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { callEcho, sayDone } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

const toolManager = managerOf(echoTool());

describe('the connection to a provider', () => {
  test('is used again, over the steps of a run and over runs', async () => {
    await using house = await createHouse();
    const echoes = Array.from({ length: 2 }, () => callEcho);
    await using server = await serve(callEcho, ...echoes, sayDone);
    const model = createOpenAI(server.url);
    for (const sessionId of ['a', 'b', 'c']) await record(house.run(model, { toolManager, sessionId }));
    expect(server.bodies).toHaveLength(6);
    expect(server.connections()).toBe(1);
  });

  test('is closed when the reader leaves', async () => {
    await using house = await createHouse();
    await using server = await serve(stall(text('Hel'), text('lo')));
    const run = house.run(createOpenAI(server.url), { sessionId: 's' });
    for await (const _ of run) break;
    await server.closed(0);
    expect(await run.outcome).toMatchObject({ reason: 'reader-gone' });
    expectAtRest(await readSession(house.root, 's'));
  });

  test.each<[string, Answer]>([
    ['before its headers', () => {}],
    ['after its headers', stall()],
    ['in its text', stall(text('Hel'))],
  ])('is closed when the run is aborted %s', async (_, answer) => {
    await using house = await createHouse();
    const controller = new AbortController();
    await using server = await serve(async (response, request) => {
      await answer(response, request);
      setTimeout(() => controller.abort(), 20);
    });
    const { outcome } = await record(house.run(createOpenAI(server.url), { signal: controller.signal }));
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted', phase: 'model' });
    await server.closed(0);
  });

  test('holds a provider back that is faster than the reader', async () => {
    await using house = await createHouse();
    const flood = { events: 0, isHeldBack: false };
    await using server = await serve((response) => void pour(response, flood));
    const run = house.run(createOpenAI(server.url), { sessionId: 's' });
    await run.next();
    while (!flood.isHeldBack) await sleep(10);
    const { events } = flood;
    await sleep(300);
    // What lies in the sockets is bounded; what we hold is one read.
    expect(flood.events - events).toBeLessThanOrEqual(1);
    const stored = await readSession(house.root, 's');
    expect(stored.messages[1]?.content?.length).toBeLessThan(1_000_000);
    await run.return();
    await server.closed(0);
  });
});

/** Writes for ever, as fast as the other side takes it. */
async function pour(response: ServerResponse, flood: { events: number; isHeldBack: boolean }): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = text('x'.repeat(10_000));
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  while (!closed.signal.aborted) {
    flood.events += 1;
    if (response.write(event)) continue;
    const timer = setTimeout(() => (flood.isHeldBack = true), 300);
    await once(response, 'drain', { signal: closed.signal }).catch(() => {});
    clearTimeout(timer);
  }
}
