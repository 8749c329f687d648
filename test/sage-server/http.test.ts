import { request } from 'node:http';
import { EventSource } from 'eventsource';
import fc from 'fast-check';
import { assembleMessages, type MessageChunk } from 'sagents';
import { describe, expect, test } from 'vitest';
import { begin, follow, isDone } from '../support/follow-events.ts';
import { SageServer } from '../support/sage-server.ts';

const patiently = { timeout: 60_000 };

describe('the server', patiently, () => {
  test('starts a run, and sends all of it as events', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '1' });
    const id = await begin(server, 'Plan a day in Porto', 'research');
    const { chunks, lastId } = await follow(server, id, isDone);
    const { body } = await server.call(`sessions/${id}`);
    expect(lastId).toBe(body.last_seq);
    expect(body).toMatchObject({ status: 'completed', flow: 'research', pending_guidance: [], trace: { attempts: 1 } });
    expect(assembleMessages(chunks)).toEqual(body.messages);
    expect((await server.call('sessions')).body).toMatchObject([{ session_id: id, status: 'completed' }]);
  });

  test('gives whoever was cut off exactly what they missed, wherever they were cut', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '1' });
    const id = await begin(server);
    const { chunks: all } = await follow(server, id, isDone);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }), async (cuts) => {
        const seen: MessageChunk[] = [];
        let after = 0;
        for (const cut of cuts) {
          if (isDone(seen)) break;
          const part = await follow(server, id, (chunks) => chunks.length >= cut || isDone(chunks), after);
          seen.push(...part.chunks);
          after = part.lastId;
        }
        if (!isDone(seen)) seen.push(...(await follow(server, id, isDone, after)).chunks);
        expect(seen).toEqual(all);
      }),
      { numRuns: 12 },
    );
  });

  test('knows where a client was by its Last-Event-ID', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '1' });
    const id = await begin(server);
    const { chunks } = await follow(server, id, isDone);
    const seq = chunks.at(-3)?.seq ?? 0;
    const left = new AbortController();
    const response = await fetch(`${server.url}/api/sessions/${id}/events?after=0`, {
      headers: { 'last-event-id': String(seq) },
      signal: left.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += new TextDecoder().decode(bytes);
      if (text.includes('token_usage')) break;
    }
    left.abort();
    const seqs = [...text.matchAll(/"seq":(\d+)/g)].map(([, number]) => Number(number));
    expect(Math.min(...seqs)).toBeGreaterThan(seq);
  });

  test('beats while nothing happens, and shows the next run to whoever stayed', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '1', SAGE_HEARTBEAT_MS: '50' });
    const id = await begin(server);
    await follow(server, id, isDone);
    const source = new EventSource(`${server.url}/api/sessions/${id}/events?after=0`);
    const { promise, resolve } = Promise.withResolvers<void>();
    let ends = 0;
    source.addEventListener('chunks', ({ data }) => {
      ends += (JSON.parse(data) as MessageChunk[]).filter(({ message_type }) => message_type === 'token_usage').length;
      if (ends === 2) resolve();
    });
    await new Promise((beat) => source.addEventListener('heartbeat', beat, { once: true }));
    const next = await server.call(`sessions/${id}/runs`, 'POST', { message: 'And in Lisbon?' });
    expect(next.status).toBe(202);
    await promise;
    source.close();
  });

  test.each(['_', '-'])('takes guidance, lists, changes and drops it, spelled with %s', async (mark) => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const spell = (path: string) => path.replaceAll('_', mark);
    const id = await begin(server);
    const inject = `sessions/${id}/${spell('inject_user_message')}`;
    const pending = `sessions/${id}/${spell('pending_user_injections')}`;
    const kept = (await server.call(inject, 'POST', { content: 'For two', guidance_id: 'g' })).body;
    expect(kept).toEqual({ guidance_id: 'g' });
    const { guidance_id } = (await server.call(inject, 'POST', { content: 'Never mind' })).body;
    expect((await server.call(pending)).body).toMatchObject([
      { guidance_id: 'g', content: 'For two' },
      { guidance_id },
    ]);
    expect((await server.call(`${pending}/g`, 'PUT', { content: 'For three' })).body).toEqual({ updated: true });
    expect((await server.call(`${pending}/${guidance_id}`, 'DELETE')).body).toEqual({ deleted: true });
    expect((await server.call(`${pending}/${guidance_id}`, 'DELETE')).body).toEqual({ deleted: false });
    const { chunks } = await follow(server, id, isDone);
    const said = chunks.filter(({ metadata }) => metadata?.['injected'] === true);
    expect(said).toMatchObject([{ content: 'For three', metadata: { guidance_id: 'g' } }]);
    expect((await server.call(inject, 'POST', { content: 'Too late' })).status).toBe(409);
  });

  test('stops a run, and deletes a session', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const id = await begin(server);
    const stopped = await server.call(`sessions/${id}/interrupt`, 'POST', { reason: 'Enough.' });
    expect(stopped.body).toEqual({ interrupted: true });
    expect((await server.call(`sessions/${id}`)).body).toMatchObject({ status: 'interrupted' });
    expect((await server.call(`sessions/${id}/interrupt`, 'POST')).body).toEqual({ interrupted: false });
    expect((await server.call(`sessions/${id}`, 'DELETE')).body).toEqual({ deleted: true });
    expect((await server.call(`sessions/${id}`)).status).toBe(404);
  });

  test('is not stopped by a client that leaves, or that never reads', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '5' });
    const id = await begin(server);
    const deaf = request(`${server.url}/api/sessions/${id}/events`).end();
    deaf.on('response', (response) => response.pause());
    // What goes wrong when it is torn down is what it was torn down for.
    deaf.on('error', () => {});
    await follow(server, id, (chunks) => chunks.length > 5);
    await follow(server, id, isDone);
    deaf.destroy();
    expect((await server.call(`sessions/${id}`)).body).toMatchObject({ status: 'completed' });
  });

  test('killed in the middle and started again, goes on where it was, for the client too', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '10' });
    const id = await begin(server, 'Plan a day in Porto', 'research');
    const before = await follow(server, id, (chunks) => chunks.some(({ tool_calls }) => tool_calls !== undefined));
    expect(await server.end('SIGKILL')).toBe('SIGKILL');
    await server.start();
    const crashed = (await server.call(`sessions/${id}`)).body;
    expect(crashed).toMatchObject({ status: 'interrupted', flow: 'research' });
    expect(crashed.trace.ended).toBeUndefined();
    expect((await server.call(`sessions/${id}/runs`, 'POST')).status).toBe(202);
    const after = await follow(server, id, isDone, before.lastId);
    const { body } = await server.call(`sessions/${id}`);
    expect(body).toMatchObject({ status: 'completed', trace: { attempts: 2 } });
    expect(assembleMessages([...before.chunks, ...after.chunks])).toEqual(body.messages);
  });

  test('ends its runs before it goes, when it is told to go', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const id = await begin(server);
    expect(await server.end('SIGTERM')).toBe(0);
    await server.start();
    expect((await server.call(`sessions/${id}`)).body).toMatchObject({
      status: 'interrupted',
      trace: { ended: { reason: 'interrupted' } },
    });
  });

  test.each<[string, string, unknown, number, string]>([
    ['sessions', 'POST', {}, 400, 'invalid-argument'],
    ['sessions', 'POST', '{', 400, 'invalid-argument'],
    ['sessions', 'POST', '[]', 400, 'invalid-argument'],
    ['sessions', 'POST', { message: ' ' }, 400, 'invalid-argument'],
    ['sessions', 'POST', { message: 'Hi', flow: 'nowhere' }, 400, 'invalid-argument'],
    ['sessions/unknown', 'GET', undefined, 404, 'session-not-found'],
    ['sessions/a%2Fb', 'GET', undefined, 400, 'invalid-argument'],
    ['sessions/unknown/inject_user_message', 'POST', { content: 'Hi' }, 409, 'session-not-live'],
    ['sessions/unknown/runs', 'POST', undefined, 404, 'session-not-found'],
  ])('refuses %s %s %j with %i', async (path, method, body, status, code) => {
    await using server = await SageServer.start();
    expect(await server.call(path, method, body)).toMatchObject({ status, body: { error: { code } } });
  });

  test('refuses pages of other sites, and names that were made to point here', async () => {
    await using server = await SageServer.start();
    const post = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(`${server.url}/api/sessions`, { method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end('{"message":"Hi"}');
      });
    expect(await post({ host: `rebound.example:${server.port}` })).toBe(403);
    expect(await post({ origin: 'https://evil.example' })).toBe(403);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await post({ origin: server.url })).toBe(201);
  });

  test('sends nobody on the page anywhere else', async () => {
    await using server = await SageServer.start();
    const page = await fetch(server.url);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect((await fetch(`${server.url}/page/../main.ts`)).status).toBe(404);
    expect((await fetch(`${server.url}/vendor/other.js`)).status).toBe(404);
  });
});
