import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from 'hono';
import { streamSSE, type SSEStreamingApi } from 'hono/streaming';
import { isSageError } from 'sagents';
import type { Desk } from './desk.ts';
import { stateOf } from './snapshot.ts';

/** How soon a change beside the words, or a run somebody else has begun, is told. */
const lookEveryMs = 200;

/**
 * One session and its children as server-sent events, for as long as somebody listens, through all its runs:
 *
 * - `chunks`, with the last `seq` as its id: a batch, as JSON. Coming back with `Last-Event-ID` gives exactly what was missed.
 * - `state`: status, pending guidance and confirmations, trace and children, whenever one of them has changed.
 * - `heartbeat`, every 15 s: a connection that is silent for longer is dead.
 * - `gone`: the session or the cursor is no longer there; paint again from a snapshot.
 *
 * A client that leaves stops nothing; one that does not read is not written to.
 */
export function followAsEvents(context: Context, desk: Desk, heartbeatMs: number): Response {
  const sessionId = context.req.param('id') ?? '';
  const after = Number(context.req.header('last-event-id') ?? context.req.query('after') ?? 0);
  const response = streamSSE(context, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    const beating = setInterval(() => void stream.writeSSE({ event: 'heartbeat', data: '{}' }), heartbeatMs);
    try {
      const { signal } = left;
      const work = [
        followAllRuns(stream, desk, { sessionId, after, signal }),
        tellState(stream, desk, sessionId, signal),
      ];
      await Promise.race(work);
      left.abort();
      await Promise.all(work);
    } catch (error) {
      const code = isSageError(error) ? error.code : 'internal';
      if (code === 'internal') console.error(error);
      await stream.writeSSE({ event: 'gone', data: JSON.stringify({ code }) });
    } finally {
      left.abort();
      clearInterval(beating);
    }
  });
  // Nothing between here and the client may hold an event back.
  response.headers.set('cache-control', 'no-cache, no-transform');
  response.headers.set('x-accel-buffering', 'no');
  return response;
}

async function followAllRuns(
  stream: SSEStreamingApi,
  { agent }: Desk,
  { sessionId, after, signal }: { readonly sessionId: string; readonly after: number; readonly signal: AbortSignal },
): Promise<void> {
  let afterSeq = after;
  while (!signal.aborted) {
    for await (const chunks of agent.followSession(sessionId, { afterSeq, signal })) {
      afterSeq = chunks.at(-1)?.seq ?? afterSeq;
      await stream.writeSSE({ id: String(afterSeq), event: 'chunks', data: JSON.stringify(chunks) });
    }
    await rest(signal);
  }
}

async function tellState(stream: SSEStreamingApi, desk: Desk, sessionId: string, signal: AbortSignal): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    const state = JSON.stringify(await stateOf(desk, sessionId));
    if (state !== told) await stream.writeSSE({ event: 'state', data: state });
    told = state;
    await rest(signal);
  }
}

async function rest(signal: AbortSignal): Promise<void> {
  await wait(lookEveryMs, undefined, { signal }).catch(() => {});
}
