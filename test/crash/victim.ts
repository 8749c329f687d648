// A process that runs one turn of a session, and tells on stdout what its reader got: one JSON a line. Most are killed.
import { writeSync } from 'node:fs';
import { isSageError, type ChatModel, type MessageChunk } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { programs } from './programs.ts';
import type { VictimOptions, VictimWord } from './victim-process.ts';

const {
  root,
  sessionId,
  input,
  provider,
  guidance,
  program = 'simple',
  paceMs = 2,
} = JSON.parse(process.argv[2] ?? '') as VictimOptions;
const { createAgent, optionsFor, answersFor } = programs[program];

/** Not buffered: what was told is told, whatever happens to this process. Waits where nobody has listened for long. */
function tell(word: VictimWord): void {
  let rest = Buffer.from(`${JSON.stringify(word)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

process.on('unhandledRejection', (reason) => tell({ type: 'unhandled', message: String(reason) }));

const answers = answersFor(paceMs, (messages) => tell({ type: 'request', messages }));
const model = provider === undefined ? scriptedModel(answers) : await connect(provider);

await using agent = createAgent(root);
tell({ type: 'ready' });
const run = agent.runStream(optionsFor({ root, sessionId, input, model }));
try {
  for await (const chunks of run) for (const chunk of chunks) await take(chunk);
  tell({ type: 'outcome', outcome: await run.outcome });
} catch (error) {
  tell({ type: 'failed', code: isSageError(error) ? error.code : 'unknown', message: String(error) });
}

async function take(chunk: MessageChunk): Promise<void> {
  tell({ type: 'chunk', chunk });
  if (guidance === undefined || chunk.content !== guidance.at) return;
  const guided = guidance.to === 'speaker' ? chunk.session_id : sessionId;
  await agent.injectUserMessage(guided, guidance.content, { guidanceId: guidance.content });
  tell({ type: 'guided' });
}

/** Loaded only where it is used: most of the time a process takes to start goes there. */
async function connect(baseURL: string): Promise<ChatModel> {
  const { default: OpenAI } = await import('openai');
  return new OpenAI({ apiKey: 'test', baseURL, logLevel: 'off' });
}
