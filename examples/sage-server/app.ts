import { Hono, type Context } from 'hono';
import { SageError, type ConfirmationAnswer } from 'sagents';
import { followAsEvents } from './follow-as-events.ts';
import { flows } from './flows.ts';
import { refuseStrangers } from './guard.ts';
import { pageFiles } from './page-files.ts';
import { listSessions, takeSnapshot } from './snapshot.ts';
import type { Desk } from './desk.ts';
import { errorResponse } from './error-response.ts';

/** All of the server: a function from `Request` to `Response`, which any runtime can serve. */
export function createApp(desk: Desk, { heartbeatMs = 15_000 }: { readonly heartbeatMs?: number } = {}): Hono {
  const { agent } = desk;
  const app = new Hono();
  app.onError(errorResponse);
  app.use(refuseStrangers);
  app.route('/', pageFiles);

  app.get('/api/info', (context) => context.json({ model: desk.modelName, flows }));
  app.get('/api/sessions', async (context) => context.json(await listSessions(desk)));
  app.post('/api/sessions', async (context) => {
    const { message, flow } = await readBody(context.req.raw);
    return context.json(await desk.start(undefined, textIn('message', message), flow), 201);
  });

  app.get('/api/sessions/:id', async (context) => context.json(await takeSnapshot(desk, context.req.param('id'))));
  app.delete('/api/sessions/:id', async (context) =>
    context.json({ deleted: await agent.deleteSession(context.req.param('id')) }),
  );
  app.get('/api/sessions/:id/events', (context) => followAsEvents(context, desk, heartbeatMs));
  app.post('/api/sessions/:id/runs', async (context) => {
    const { message, flow } = await readBody(context.req.raw);
    const id = context.req.param('id');
    const started = message === undefined ? desk.goOn(id) : desk.start(id, textIn('message', message), flow);
    return context.json(await started, 202);
  });
  app.post('/api/sessions/:id/interrupt', async (context) => {
    const { reason } = await readBody(context.req.raw);
    const why = reason === undefined ? undefined : textIn('reason', reason);
    return context.json({ interrupted: await agent.interruptSession(context.req.param('id'), why) });
  });

  app.get('/api/sessions/:id/confirmations', async (context) =>
    context.json(await agent.listPendingConfirmations(context.req.param('id'))),
  );
  app.post('/api/sessions/:id/confirmations/:confirmation', async (context) => {
    const { id, confirmation } = context.req.param();
    const answer = await readBody(context.req.raw);
    if ('by' in answer) throw refused('by', 'left to the server');
    await desk.answer(id, confirmation, answer as unknown as Omit<ConfirmationAnswer, 'by'>);
    return context.json({ answered: true });
  });

  // Ours, and Sage's spelling.
  const inject = ['/api/sessions/:id/inject_user_message', '/api/sessions/:id/inject-user-message'];
  const pending = ['/api/sessions/:id/pending_user_injections', '/api/sessions/:id/pending-user-injections'];
  const onePending = pending.map((path) => `${path}/:guidance`);
  app.on('POST', inject, async (context) => {
    const { content, guidance_id } = await readBody(context.req.raw);
    const guidance = guidance_id === undefined ? {} : { guidanceId: textIn('guidance_id', guidance_id) };
    const id = await agent.injectUserMessage(sessionIn(context), textIn('content', content), guidance);
    return context.json({ guidance_id: id });
  });
  app.on('GET', pending, async (context) => context.json(await agent.listPendingUserInjections(sessionIn(context))));
  app.on(['PUT', 'PATCH'], onePending, async (context) => {
    const { content } = await readBody(context.req.raw);
    const guidance = context.req.param('guidance') ?? '';
    return context.json({
      updated: await agent.updatePendingUserInjection(sessionIn(context), guidance, textIn('content', content)),
    });
  });
  app.on('DELETE', onePending, async (context) => {
    const guidance = context.req.param('guidance') ?? '';
    return context.json({ deleted: await agent.deletePendingUserInjection(sessionIn(context), guidance) });
  });
  return app;
}

/** An empty id is refused by whoever is asked for it. */
function sessionIn(context: Context): string {
  return context.req.param('id') ?? '';
}

/** The fields of a JSON body; nothing where there is none. */
async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.text();
  const read: unknown = text === '' ? {} : parse(text);
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  throw refused('body', 'a JSON object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textIn(field: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw refused(field, 'text that is not empty');
}

function refused(option: string, allowed: string): SageError {
  return new SageError('invalid-argument', `${option} must be ${allowed}.`, { option, allowed });
}
