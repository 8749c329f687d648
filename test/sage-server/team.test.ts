import { assembleMessages, type MessageChunk } from 'sagents';
import { describe, expect, test } from 'vitest';
import { begin, follow, isDone } from '../support/follow-events.ts';
import { SageServer } from '../support/sage-server.ts';

const patiently = { timeout: 60_000 };

interface Told {
  readonly session_id: string;
  readonly parent_id: string;
  readonly agent_name: string;
  readonly status: string;
  readonly call: { readonly message_id: string; readonly index: number };
  readonly nodes: readonly { readonly agent_key: string }[];
}

const of = (chunks: readonly MessageChunk[], id: string) => chunks.filter(({ session_id }) => session_id === id);

/** The child whose name that is, as soon as it is there. */
async function childNamed(server: SageServer, id: string, name: string): Promise<Told> {
  let found: Told | undefined;
  await follow(server, id, (_chunks, { children = [] }) => {
    found = (children as Told[]).find(({ agent_name }) => agent_name === name);
    return found !== undefined;
  });
  return found as Told;
}

describe('the server, of children', patiently, () => {
  test('tells who works for whom and in which node, and sends what they say as events of the session', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '10' });
    const id = await begin(server, 'Plan a day in Porto', 'team');
    const told: Told[] = [];
    const { chunks } = await follow(server, id, (seen, { children = [] }) => {
      told.push(...(children as Told[]));
      return isDone(of(seen, id));
    });
    const { body } = await server.call(`sessions/${id}`);
    const [forecaster, planner, critic, reader] = body.children;
    expect(body.children).toMatchObject([
      { agent_name: 'Forecaster', parent_id: id, call: { index: 0 }, status: 'completed', nodes: [] },
      { agent_name: 'Planner', parent_id: id, call: forecaster.call, status: 'completed', nodes: [] },
      { agent_name: 'Critic', parent_id: id, call: forecaster.call, status: 'completed', nodes: [] },
      { agent_name: 'Critic', parent_id: planner.session_id, status: 'completed', nodes: [] },
    ]);
    for (const [{ session_id }, node] of [
      [forecaster, 'simple'],
      [planner, 'fibre'],
      [critic, 'simple'],
      [reader, 'simple'],
    ]) {
      const running = told.filter((one) => one.session_id === session_id && one.status === 'running');
      expect(running.map(({ nodes }) => nodes.map(({ agent_key }) => agent_key))).toContainEqual([node]);
    }
    for (const session of [id, ...body.children.map(({ session_id }: Told) => session_id)]) {
      const { messages } = (await server.call(`sessions/${session}`)).body;
      expect(assembleMessages(of(chunks, session))).toEqual(messages);
    }
    const sessions = (await server.call('sessions')).body;
    expect(sessions.map(({ session_id }: Told) => session_id)).toEqual([id]);
  });

  test('gives a snapshot whose cursor is good for every child, whenever it is taken', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '6' });
    const id = await begin(server, 'Plan a day in Porto', 'team');
    const taken: { readonly last_seq: number; readonly session: string; readonly messages: { seq: number }[] }[] = [];
    for (let isOver = false; !isOver;) {
      const { last_seq, messages, children, status } = (await server.call(`sessions/${id}`)).body;
      taken.push({ last_seq, session: id, messages });
      for (const { session_id } of children as Told[]) {
        const child = (await server.call(`sessions/${session_id}`)).body;
        taken.push({ last_seq, session: session_id, messages: child.messages });
      }
      isOver = status !== 'running';
    }
    const { chunks } = await follow(server, id, (seen) => isDone(of(seen, id)));
    for (const { last_seq, session, messages } of taken) {
      const newest = Math.max(0, ...messages.map(({ seq }) => seq));
      const said = of(chunks, session);
      expect(messages).toEqual(assembleMessages(said.filter(({ seq }) => seq <= newest)));
      expect(said.filter(({ seq }) => seq > newest && seq <= last_seq)).toEqual([]);
    }
  });

  test('stops a child alone, and guides one, by their own ids', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '10' });
    const id = await begin(server, 'Plan a day in Porto', 'team');
    const planner = await childNamed(server, id, 'Planner');
    const critic = await childNamed(server, id, 'Critic');
    const forecaster = await childNamed(server, id, 'Forecaster');
    const inject = `sessions/${forecaster.session_id}/inject_user_message`;
    await server.call(inject, 'POST', { content: 'For the morning', guidance_id: 'g' });
    const stop = await server.call(`sessions/${planner.session_id}/interrupt`, 'POST', { reason: 'Enough' });
    expect(stop.body).toEqual({ interrupted: true });
    const { chunks } = await follow(server, id, (seen) => isDone(of(seen, id)));
    const { body } = await server.call(`sessions/${id}`);
    expect(body).toMatchObject({ status: 'completed' });
    const { content } = body.messages.find(({ role }: { role: string }) => role === 'tool');
    expect(JSON.parse(content).results).toMatchObject([
      { session_id: forecaster.session_id, status: 'completed' },
      { session_id: planner.session_id, status: 'interrupted', error: 'It was stopped: Enough.' },
      { session_id: critic.session_id, status: 'completed' },
    ]);
    const guided = of(chunks, forecaster.session_id).filter(({ metadata }) => metadata?.['guidance_id'] === 'g');
    expect(guided).toMatchObject([{ role: 'user', content: 'For the morning' }]);
    expect(of(chunks, id).filter(({ metadata }) => metadata?.['injected'] === true)).toEqual([]);
  });

  test('killed in the middle and started again, goes on with all who were at work', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '10' });
    const id = await begin(server, 'Plan a day in Porto', 'team');
    const before = await follow(server, id, (seen) => new Set(seen.map(({ session_id }) => session_id)).size === 5);
    await server.end('SIGKILL');
    await server.start();
    const crashed = (await server.call(`sessions/${id}`)).body;
    expect(crashed).toMatchObject({ status: 'interrupted', flow: 'team' });
    expect(crashed.children[1]).toMatchObject({ agent_name: 'Planner', status: 'interrupted', nodes: [] });
    expect((await server.call(`sessions/${id}/runs`, 'POST')).status).toBe(202);
    const after = await follow(server, id, (seen) => isDone(of(seen, id)), before.lastId);
    const { body } = await server.call(`sessions/${id}`);
    expect(body.children.map(({ status }: Told) => status)).toEqual(Array(4).fill('completed'));
    const all = [...before.chunks, ...after.chunks];
    for (const session of [id, ...body.children.map(({ session_id }: Told) => session_id)]) {
      const { messages } = (await server.call(`sessions/${session}`)).body;
      expect(assembleMessages(of(all, session))).toEqual(messages);
    }
  });
});
