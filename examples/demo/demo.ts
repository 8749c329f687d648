/**
 * `npm run demo`: an agent does a job in the terminal, is guided while it works, and is asked about it in a second life.
 *
 * It runs on the built-in demo model, offline. With OPENAI_API_KEY or OPENAI_BASE_URL set it runs on that endpoint, and
 * SAGE_MODEL names the model.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinTools, isSageError, SAgent, ToolManager, type RunOutcome } from 'sagents';
import { chooseModel } from './choose-model.ts';
import { exchangeRate } from './exchange-rate.ts';
import { entriesOf, readJournal } from './read-journal.ts';
import { Screen } from './screen.ts';
import { createChunkView } from './show-chunks.ts';

const sessionId = 'demo';
const task = 'Add up sales.csv by region, and write the totals to report.md, the highest first.';
const guidance = 'I need the totals in euros; the file is in dollars.';
const question = 'What did I ask you for, and what did I tell you while you were working?';

const sales = ['region,dollars', 'north,1200', 'south,850.50', 'west,2100', 'north,300', 'south,99.50', 'west,400', ''];

const screen = new Screen(process.stdout);
const { model, name, label, isBuiltIn } = chooseModel(process.env, { isWatched: process.stdout.isTTY });
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
// Whoever reads us through a pipe may go (`| head`).
process.stdout.on('error', () => stop.abort());

const root = await mkdtemp(join(tmpdir(), 'sagents-demo-'));
const sessions = join(root, 'sessions');
const workspace = join(root, 'workspace');
try {
  await mkdir(workspace);
  await writeFile(join(workspace, 'sales.csv'), sales.join('\n'));
  process.exitCode = (await tellStory()) ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true });
}

/** False when a run did not come to its own end. */
async function tellStory(): Promise<boolean> {
  screen.heading('sagents demo');
  screen.say('model', label, 'green');
  screen.say('workspace', `${workspace}; tools run on this machine (sandbox: passthrough)`);

  screen.heading('1  A run streams, uses tools, and is guided while it works');
  const first = await talk(task, guidance);
  if (first.status !== 'completed') return giveUp(first);
  const report = await readFile(join(workspace, 'report.md'), 'utf8').catch(() => undefined);
  screen.say('report.md', report ?? 'The model did not write it.', 'green');

  screen.heading('2  Everything was stored before you saw it');
  await showJournal();

  screen.heading('3  Another agent opens the session and goes on');
  const second = await talk(question);
  if (second.status !== 'completed') return giveUp(second);

  const calls = first.usage.calls + second.usage.calls;
  screen.heading('That was it');
  screen.say('done', `2 runs, 1 session, ${calls} model calls; the temporary folder is deleted now.`, 'green');
  return true;
}

/** One run, by an agent of its own. With a `hint`, the user types it as soon as the agent has said what it is going to do. */
async function talk(content: string, hint?: string): Promise<RunOutcome> {
  await using agent = new SAgent({ sessionRootSpace: sessions });
  screen.say('you', content, 'cyan');
  const run = agent.runStream({
    inputMessages: [{ role: 'user', content }],
    sessionId,
    model,
    modelConfig: { model: name },
    systemPrefix:
      'You work in a folder with the tools you are given. Say in one sentence what you do before you call a tool.',
    maxLoopCount: 20,
    toolManager: new ToolManager({ tools: [...builtinTools(), exchangeRate] }),
    sandboxType: 'passthrough',
    permissions: { mode: 'full-access' },
    sandboxAgentWorkspace: workspace,
    deadlines: { totalMs: 300_000 },
    signal: stop.signal,
  });

  const show = createChunkView(screen);
  let untold = hint;
  for await (const chunks of run) {
    for (const chunk of chunks) {
      show(chunk);
      if (untold === undefined || chunk.role !== 'assistant' || !chunk.is_chunk || !chunk.is_final) continue;
      await guide(agent, untold);
      untold = undefined;
    }
  }
  const outcome = await run.outcome;
  screen.say('outcome', describe(outcome), 'dim');
  return outcome;
}

async function guide(agent: SAgent, text: string): Promise<void> {
  screen.say('you', text, 'magenta');
  try {
    await agent.injectUserMessage(sessionId, text);
    screen.say('guidance', 'queued: the model sees it at its next call', 'dim');
  } catch (error) {
    if (!isSageError(error, 'session-not-live')) throw error;
    screen.say('guidance', 'too late: the run has ended', 'dim');
  }
}

async function showJournal(): Promise<void> {
  const path = join(sessions, sessionId, 'journal.jsonl');
  const { bytes, lines } = await readJournal(path);
  screen.say('journal', path);
  screen.say(
    '',
    `${lines.length} lines, ${bytes} bytes, every checksum right. One of each kind of entry, and the guidance:`,
  );
  const shown = new Set<string>();
  for (const { seq, type, fields } of entriesOf(lines)) {
    const isGuidance = fields.includes('"injected":true');
    if (!shown.has(type) || isGuidance) screen.note(`seq ${seq}`, `${type} ${fields}`, isGuidance ? 'magenta' : 'dim');
    shown.add(type);
  }
}

function describe({ status, reason, usage }: RunOutcome): string {
  const { calls, callsWithoutUsage, inputTokens, outputTokens } = usage;
  const tokens = callsWithoutUsage === calls ? '' : `, ${inputTokens} tokens in, ${outputTokens} out`;
  return `${status}/${reason}, ${calls} model ${calls === 1 ? 'call' : 'calls'}${tokens}`;
}

function giveUp({ status, reason }: RunOutcome): boolean {
  const advice = isBuiltIn ? '' : ' Unset OPENAI_API_KEY and OPENAI_BASE_URL to see the demo offline.';
  screen.say('stopped', `The run ended ${status}/${reason}.${advice}`, 'red');
  return false;
}
