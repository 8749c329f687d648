import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { isSageError, messageOf } from '../../errors.ts';
import type { BackgroundCommand, BackgroundOptions } from '../../sandbox/background.ts';
import type { ExecOptions } from '../../sandbox/sandbox.ts';
import type { CommandRecord } from './command-table.ts';
import { badRequest, readJson, sendBytes, sendJson, sendNothing } from './http.ts';
import type { HostedSandbox } from './hosted-sandbox.ts';
import type { Hosting } from './hosting.ts';
import type { Routes } from './router.ts';

export interface CommandOptions {
  readonly hosting: Hosting;
  readonly jsonBytes: number;
  /** How often a silent command gives a sign of life, so that nothing on the way cuts the connection. */
  readonly pingMs: number;
  /** Told of what fails when no request is there to be told. */
  readonly onError: (error: unknown) => void;
}

const commandShape = z.looseObject({
  command: z.string().min(1),
  cwd: z.string().optional(),
  background: z.boolean().default(false),
  timeout: z.number().positive().optional(),
  envs: z.record(z.string(), z.string()).optional(),
});

/** What would be another command if it were left out. */
const notKept = ['uid', 'gid'];

/** Below the address the client was told for a sandbox. */
export const execd = '/sandboxes/:id/port/44772';

/** Running commands, ending them, and how they are. A client that goes away takes the command it streams with it. */
export function createCommandRoutes({ hosting, jsonBytes, pingMs, onError }: CommandOptions): Routes {
  return {
    [`GET ${execd}/ping`]: ({ response, params }) => {
      using _hold = hosting.get(params['id'] ?? '').hold();
      sendNothing(response);
    },

    [`POST ${execd}/command`]: async ({ request, response, params }) => {
      const wish = await readJson(request, commandShape, jsonBytes);
      const refused = notKept.find((name) => wish[name] != null);
      if (refused !== undefined) throw badRequest(`"${refused}" is not possible on this server. Leave it out.`);
      const hosted = hosting.get(params['id'] ?? '');
      using _hold = hosted.hold();
      const record = hosted.commands.begin(wish.command);
      const options = {
        ...(wish.cwd === undefined ? {} : { cwd: wish.cwd }),
        ...(wish.envs === undefined ? {} : { env: wish.envs }),
        ...(wish.timeout === undefined ? {} : { timeoutMs: wish.timeout }),
      };
      if (!wish.background) {
        const { signal } = record.stopped;
        return await stream({ hosted, record, options: { ...options, signal }, response, pingMs });
      }
      await startInBackground({ hosted, record, options, onError });
      const send = openStream(response);
      send('init', { text: record.id });
      send('execution_complete', { execution_time: 0 });
      response.end();
    },

    async [`GET ${execd}/command/:command/logs`]({ response, params, query }) {
      const hosted = hosting.get(params['id'] ?? '');
      using _hold = hosted.hold();
      const { background } = hosted.commands.get(params['command'] ?? '');
      if (background === undefined) throw badRequest('The output of this command was streamed to who started it.');
      const cursor = z.coerce
        .number()
        .int()
        .min(0)
        .catch(0)
        .parse(query.get('cursor') ?? 0);
      const { text, nextOffset } = await background.read(cursor);
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'execd-commands-tail-cursor': String(nextOffset) };
      sendBytes(response, 200, new TextEncoder().encode(text), headers);
    },

    [`DELETE ${execd}/command`]: ({ response, params, query }) => {
      const hosted = hosting.get(params['id'] ?? '');
      using _hold = hosted.hold();
      hosted.commands.get(query.get('id') ?? '').stopped.abort();
      sendNothing(response);
    },

    [`GET ${execd}/command/status/:command`]: ({ response, params }) => {
      const hosted = hosting.get(params['id'] ?? '');
      using _hold = hosted.hold();
      const { id, command, startedAt, finishedAt, exitCode } = hosted.commands.get(params['command'] ?? '');
      sendJson(response, 200, {
        id,
        content: command,
        running: finishedAt === undefined,
        exit_code: exitCode ?? null,
        started_at: startedAt,
        finished_at: finishedAt ?? null,
      });
    },
  };
}

interface Streaming {
  readonly hosted: HostedSandbox;
  readonly record: CommandRecord;
  readonly options: ExecOptions;
  readonly response: ServerResponse;
  readonly pingMs: number;
}

/** Nothing is read ahead of the client: while it does not take what was written, the command waits. */
async function stream({ hosted, record, options, response, pingMs }: Streaming): Promise<void> {
  const onClose = () => record.stopped.abort();
  response.on('close', onClose);
  const send = openStream(response);
  // The text of the events to come is what the command wrote, with its line breaks.
  send('init', { text: record.id, verbatim: true });
  const ping = setInterval(() => send('ping'), pingMs);
  let exitCode: number | undefined;
  try {
    const output = hosted.sandbox.exec(record.command, options);
    for (;;) {
      const next = await output.next();
      if (next.done === true) {
        const { endedBy } = next.value;
        ({ exitCode } = next.value);
        const about = { execution_time: Date.now() - record.startedAt.getTime(), ended_by: endedBy };
        if (exitCode === 0) send('execution_complete', about);
        else send('error', { error: toError('CommandExecError', String(exitCode)), ...about });
        break;
      }
      const { stream: type, text } = next.value;
      if (!send(type, { text })) await untilDrained(response);
    }
  } catch (error) {
    // What the sandbox refuses is for the client to mend; anything else is ours, and shows in the log.
    const why = isSageError(error) ? messageOf(error) : 'The server failed to run the command.';
    send('error', { error: toError('NotStarted', why) });
    if (!isSageError(error) && !record.stopped.signal.aborted) throw error;
  } finally {
    clearInterval(ping);
    response.off('close', onClose);
    hosted.commands.end(record, exitCode);
    response.end();
  }
}

/** Returns what sends one event: false when the client does not take them as fast as they come. */
function openStream(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  return (type: string, rest: Readonly<Record<string, unknown>> = {}): boolean =>
    response.write(`data: ${JSON.stringify({ type, timestamp: Date.now(), ...rest })}\n\n`);
}

interface Starting extends Pick<Streaming, 'hosted' | 'record'>, Pick<CommandOptions, 'onError'> {
  readonly options: BackgroundOptions;
}

/** While it runs its sandbox is not idle. */
async function startInBackground({ hosted, record, options, onError }: Starting): Promise<void> {
  const hold = hosted.hold();
  const end = () => {
    hosted.commands.end(record, record.background?.result?.exitCode);
    hold[Symbol.dispose]();
  };
  let background: BackgroundCommand;
  try {
    background = record.background = await hosted.sandbox.spawn(record.command, options);
  } catch (error) {
    end();
    throw error;
  }
  background.wait().catch(onError).finally(end);
  record.stopped.signal.addEventListener('abort', () => void background.kill().catch(onError));
}

/** Or until the client has gone. */
function untilDrained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (response.closed || response.destroyed) return Promise.resolve();
  const done = () => {
    response.off('drain', done).off('close', done);
    resolve();
  };
  response.on('drain', done).on('close', done);
  return promise;
}

function toError(ename: string, evalue: string) {
  return { ename, evalue, traceback: [] };
}
