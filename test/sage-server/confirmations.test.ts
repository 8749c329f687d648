import { defineTool, SAgent, ToolManager, type MessageChunk } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../examples/sage-server/app.ts';
import { createDemoModel } from '../../examples/sage-server/demo-model.ts';
import { createDemoTools } from '../../examples/sage-server/demo-tools.ts';
import { Desk } from '../../examples/sage-server/desk.ts';
import { begin, follow, type ToldConfirmation } from '../support/follow-events.ts';
import { SageServer } from '../support/sage-server.ts';
import { createHouse } from '../support/test-house.ts';

const patiently = { timeout: 60_000 };

/** A session, and what it asks when its run has come to rest. */
async function ask(server: SageServer, message: string, flow = 'chat') {
  const id = await begin(server, message, flow);
  await follow(server, id, (_, { status }) => status === 'waiting');
  return { id, asked: await pendingIn(server, id) };
}

async function pendingIn(server: SageServer, id: string): Promise<ToldConfirmation> {
  const { body } = await server.call(`sessions/${id}/confirmations`);
  expect(body).toHaveLength(1);
  return body[0] as ToldConfirmation;
}

const answer = (server: SageServer, id: string, { confirmation_id }: ToldConfirmation, body: unknown) =>
  server.call(`sessions/${id}/confirmations/${confirmation_id}`, 'POST', body);

const untilDone = (server: SageServer, id: string) => follow(server, id, (_, { status }) => status === 'completed');

const resultsIn = (chunks: readonly MessageChunk[]) =>
  chunks.filter(({ role }) => role === 'tool').map(({ content }) => content);

describe('the server, of calls that wait for a person', patiently, () => {
  test('tells what is asked, and goes on with the run when that is answered', async () => {
    await using server = await SageServer.start({ SAGE_USER: 'Ada' });
    const { id, asked } = await ask(server, 'Book a table in Porto for 3');
    expect(asked).toMatchObject({ session_id: id, kind: 'approval', tool: 'book_table', arguments: { people: 3 } });
    const snapshot = (await server.call(`sessions/${id}`)).body;
    expect(snapshot).toMatchObject({ status: 'waiting', pending_confirmations: [asked] });
    expect((await server.call('sessions')).body).toMatchObject([{ session_id: id, pending_confirmations: 1 }]);
    const { status, body } = await answer(server, id, asked, { decision: 'allow-once', digest: asked.digest });
    expect([status, body]).toEqual([200, { answered: true }]);
    const { chunks } = await untilDone(server, id);
    expect(resultsIn(chunks)).toEqual(['Booked: a table for 3 at Casa da Ribeira, Porto, today, 13:00.']);
    expect(chunks.map(({ metadata }) => metadata?.['confirmation'])).toContainEqual({
      confirmation_id: asked.confirmation_id,
      decision: 'allow-once',
      by: 'Ada',
    });
    expect((await server.call(`sessions/${id}`)).body).toMatchObject({ pending_confirmations: [] });
  });

  test('runs what a person has made of it, and nothing where they decline', async () => {
    await using server = await SageServer.start();
    const edited = await ask(server, 'Book a table in Porto for 3');
    const changed = { ...edited.asked.arguments, people: 5 };
    await answer(server, edited.id, edited.asked, { decision: 'allow-once', arguments: changed });
    const { chunks } = await untilDone(server, edited.id);
    expect(resultsIn(chunks)).toEqual([expect.stringContaining('Booked: a table for 5')]);
    const declined = await ask(server, 'Book a table in Porto for 3');
    await answer(server, declined.id, declined.asked, { decision: 'deny' });
    const after = await untilDone(server, declined.id);
    expect(resultsIn(after.chunks)).toEqual([expect.stringContaining('PERMISSION_DENIED')]);
    expect(JSON.stringify(after.chunks)).not.toContain('Booked');
  });

  test('hands the answer to a question to the agent, who asks the next', async () => {
    await using server = await SageServer.start();
    const { id, asked } = await ask(server, 'Book a table in Porto');
    expect(asked).toMatchObject({ kind: 'question', arguments: { question: 'For how many people?' } });
    await answer(server, id, asked, { decision: 'allow-once', answer: '4' });
    await follow(
      server,
      id,
      (_, { status, pending_confirmations: [next] = [] }) => status === 'waiting' && next?.tool === 'book_table',
    );
    expect(await pendingIn(server, id)).toMatchObject({ kind: 'approval', arguments: { people: 4 } });
  });

  test('asks for those that work for others, and takes the answer under either id', async () => {
    await using server = await SageServer.start();
    for (const whose of ['root', 'child'] as const) {
      const { id, asked } = await ask(server, 'Plan a day in Porto and book a table for 3', 'team');
      const { children } = (await server.call(`sessions/${id}`)).body;
      const planner = children.find(({ agent_id }: { agent_id: string }) => agent_id === 'planner');
      expect(planner).toMatchObject({ session_id: asked.session_id, status: 'waiting' });
      await answer(server, whose === 'root' ? id : asked.session_id, asked, { decision: 'allow-once' });
      const { chunks } = await untilDone(server, id);
      const booked = resultsIn(chunks.filter(({ session_id }) => session_id === asked.session_id));
      expect(booked).toContain('Booked: a table for 3 at Casa da Ribeira, Porto, today, 13:00.');
    }
  });

  test('takes one answer, says why it does not take another, and leaves who answers to the server', async () => {
    await using server = await SageServer.start();
    const { id, asked } = await ask(server, 'Book a table in Porto for 3');
    const refusals = [
      [{ decision: 'perhaps' }, 400, 'invalid-argument'],
      [{ decision: 'deny', by: 'somebody else' }, 400, 'invalid-argument'],
      [{ decision: 'allow-once', digest: 'of another call' }, 409, 'confirmation-refused'],
      [{ decision: 'allow-once', answer: 'yes' }, 409, 'confirmation-refused'],
    ] as const;
    for (const [body, status, code] of refusals) {
      expect(await answer(server, id, asked, body)).toMatchObject({ status, body: { error: { code } } });
    }
    const unknown = await answer(server, id, { ...asked, confirmation_id: 'nobody' }, { decision: 'deny' });
    expect(unknown.status).toBe(409);
    const both = await Promise.all([1, 2].map(() => answer(server, id, asked, { decision: 'allow-once' })));
    expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]));
    const { chunks } = await untilDone(server, id);
    expect(resultsIn(chunks)).toHaveLength(1);
  });

  test('goes on also with what was answered while other calls were still at work', async () => {
    await using house = await createHouse();
    const { agent, root: sessions, workspace } = house;
    const answered = Promise.withResolvers<string>();
    const careful = defineTool({ name: 'careful', description: 'Asks.', approval: 'ask', execute: () => 'done' });
    const slow = defineTool({ name: 'slow', description: 'Takes its time.', execute: () => answered.promise });
    const tools = new ToolManager({ tools: [careful, slow] });
    const model = scriptedModel([{ toolCalls: [{ name: 'careful' }, { name: 'slow' }] }, 'Both are done.']);
    const desk = new Desk({ agent, sessions, workspace, model, modelName: 'demo', user: 'Ada', tools });
    const { session_id } = await desk.start(undefined, 'Do both');
    for await (const chunks of agent.followSession(session_id)) {
      const asked = chunks.flatMap(({ metadata }) => metadata?.['confirmation'] ?? []) as ToldConfirmation[];
      for (const { confirmation_id, digest } of asked.filter((one) => one.digest !== undefined)) {
        await desk.answer(session_id, confirmation_id, { decision: 'allow-once', digest });
        expect(await agent.getSessionStatus(session_id)).toBe('running');
        answered.resolve('done');
      }
    }
    await expect.poll(() => agent.getSessionStatus(session_id)).toBe('completed');
    const results = ((await agent.getMessages(session_id)) ?? []).filter(({ role }) => role === 'tool');
    expect(results.map(({ content }) => content)).toEqual(['done', 'done']);
  });

  test('says that it is too late when nobody has answered in time', async () => {
    await using server = await SageServer.start();
    const { id: session_id, asked } = await ask(server, 'Book a table in Porto for 3');
    await server.end('SIGTERM');
    const { sessions } = server;
    const inEightDays = () => Date.now() + 8 * 24 * 60 * 60_000;
    await using agent = new SAgent({ sessionRootSpace: sessions, clock: inEightDays });
    const facts = { sessions, workspace: '.', modelName: 'demo', user: 'Ada' };
    const desk = new Desk({ agent, ...facts, model: createDemoModel({ paceMs: 0 }), tools: createDemoTools(0) });
    const late = await createApp(desk).request(`/api/sessions/${session_id}/confirmations/${asked.confirmation_id}`, {
      method: 'POST',
      headers: { host: 'localhost' },
      body: JSON.stringify({ decision: 'allow-once' }),
    });
    expect(late.status).toBe(410);
    expect(await late.json()).toMatchObject({ error: { code: 'confirmation-refused' } });
    // Nobody is asked any more, and whoever looks at it goes on.
    expect(await agent.listPendingConfirmations(session_id)).toEqual([]);
    await desk.goOn(session_id);
    for await (const _ of agent.followSession(session_id));
    expect(await agent.getSessionStatus(session_id)).toBe('completed');
  });

  test('killed while somebody is asked, and started again, asks the same and goes on', async () => {
    await using server = await SageServer.start();
    const { id, asked } = await ask(server, 'Book a table in Porto for 3');
    await server.end('SIGKILL');
    await server.start();
    expect(await pendingIn(server, id)).toEqual(asked);
    await answer(server, id, asked, { decision: 'allow-once' });
    const { chunks } = await untilDone(server, id);
    expect(resultsIn(chunks)).toEqual([expect.stringContaining('Booked: a table for 3')]);
  });
});
