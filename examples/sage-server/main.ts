// A server for one person on one machine: `npm start`, then open the address it prints.
import { resolve } from 'node:path';
import { serve } from '@hono/node-server';
import OpenAI from 'openai';
import { SAgent } from 'sagents';
import { createApp } from './app.ts';
import { createDemoModel } from './demo-model.ts';
import { createDemoTools } from './demo-tools.ts';
import { Desk } from './desk.ts';

const {
  PORT = '3000',
  SAGE_SESSIONS = 'sage-sessions',
  SAGE_PACE_MS = '35',
  SAGE_HEARTBEAT_MS = '15000',
  SAGE_USER = 'you',
} = process.env;
const { OPENAI_API_KEY, OPENAI_BASE_URL, SAGE_MODEL = 'gpt-4o-mini' } = process.env;

const paceMs = Number(SAGE_PACE_MS);
const isReal = OPENAI_API_KEY !== undefined || OPENAI_BASE_URL !== undefined;
const sessions = resolve(SAGE_SESSIONS);
const agent = new SAgent({ sessionRootSpace: sessions });
const desk = new Desk({
  agent,
  sessions,
  workspace: resolve('.'),
  model: isReal ? new OpenAI({ apiKey: OPENAI_API_KEY ?? 'none' }) : createDemoModel({ paceMs }),
  modelName: isReal ? SAGE_MODEL : 'demo',
  tools: createDemoTools(paceMs * 20),
  user: SAGE_USER,
});

const server = serve(
  {
    fetch: createApp(desk, { heartbeatMs: Number(SAGE_HEARTBEAT_MS) }).fetch,
    hostname: '127.0.0.1',
    port: Number(PORT),
  },
  ({ port }) => {
    console.log(`sagents: http://127.0.0.1:${port}  (${isReal ? SAGE_MODEL : 'demo model, no network'})`);
  },
);

/** Runs are stopped and stored before the process goes. */
async function shutDown(): Promise<void> {
  server.close();
  await agent.close();
  process.exit(0);
}
process.once('SIGINT', () => void shutDown());
process.once('SIGTERM', () => void shutDown());
