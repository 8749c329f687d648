import type { AgentContext, RunPhase } from '../../src/agents/agent.ts';
import type { MessageChunk } from '../../src/messages/message.ts';
import type { Entry } from '../../src/session/entry.ts';
import { createRunView } from '../../src/runtime/run-view.ts';
import type { LastRun } from '../../src/session/status.ts';
import type { JournalRecord } from '../../src/session/session-store.ts';
import { ActiveClock } from '../../src/streams/active-clock.ts';
import { scriptedModel, type ScriptedAnswer } from '../../src/testing/scripted-model.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { openSession, user } from '../session/helpers.ts';

interface World {
  readonly answers?: readonly ScriptedAnswer[];
  readonly tools?: readonly Tool[];
  /** What an earlier owner has stored. Default: a run that begins with `Hi`. */
  readonly records?: readonly JournalRecord[];
  readonly maxLoopCount?: number;
  readonly maxToolCalls?: number;
  readonly maxTokens?: number;
}

/** An agent's context in memory, and everything one may want to look at afterwards. */
export function createWorld({ answers = [], tools = [], records, ...limits }: World = {}) {
  const { maxLoopCount = 10, maxToolCalls = Infinity, maxTokens = Infinity } = limits;
  const { session, ledger, writer, state } = openSession(records === undefined ? {} : { records });
  if (records === undefined) session.append(begun);
  const model = scriptedModel(answers);
  const controller = new AbortController();
  const phases: RunPhase[] = [];
  const usage = () => state.lastRun?.usage ?? { inputTokens: 0, outputTokens: 0 };
  const context: AgentContext = {
    session,
    node: 'root',
    agentName: 'simple',
    agentConfig: {},
    view: createRunView(session, state.lastRun as LastRun),
    model,
    prompt: {
      system: [JSON.stringify({ role: 'system', content: 'Be brief.' })],
      tools: undefined,
      parameters: { model: 'm' },
      fast: { model: 'small' },
    },
    tools: new ToolManager({ tools }),
    permit: {
      decide: async () => ({ type: 'allow' }),
      refuses: async () => false,
      decidedInput: () => undefined,
      hasAnswerTo: () => false,
      ask: () => {
        throw new Error('Nobody is asked here.');
      },
    },
    hooks: undefined,
    skills: [],
    budget: {
      maxLoopCount,
      stepsTaken: () => state.lastRun?.steps ?? 0,
      stepsLeft: () => maxLoopCount - (state.lastRun?.steps ?? 0),
      toolCallsLeft: () => maxToolCalls - (state.lastRun?.toolCalls ?? 0),
      isSpent: () => usage().inputTokens + usage().outputTokens >= maxTokens,
    },
    signal: controller.signal,
    clock: new ActiveClock(),
    deadlines: {
      totalMs: Infinity,
      stepMs: Infinity,
      firstChunkMs: Infinity,
      chunkMs: Infinity,
      toolMs: Infinity,
      hookMs: Infinity,
    },
    graceMs: 1_000,
    identity: {},
    openSandbox: () => Promise.reject(new Error('There is no sandbox here.')),
    hasInWorkspace: () => Promise.resolve(false),
    enter: (phase) => phases.push(phase),
    endedCommands: () => [],
    onAbandoned: () => {},
  };
  const entries = () => writer.records.flatMap((record) => record.entries);
  return { context, session, ledger, writer, model, controller, phases, entries };
}

const prefix = { system: '', tools: '' };

/** How a run begins. */
export const begun: readonly Entry[] = [
  { type: 'run_started', run_id: 'r', agent_mode: 'simple', flow: 'f', attempt: 1, prefix },
  { type: 'message', message: user('u', 'Hi') },
];

/** Reads an agent or a step to its end. */
export async function read<Outcome>(source: AsyncGenerator<MessageChunk[], Outcome>) {
  const chunks: MessageChunk[] = [];
  for (;;) {
    const next = await source.next();
    if (next.done) return { chunks, outcome: next.value };
    chunks.push(...next.value);
  }
}

/** What the model was sent in its nth request, without the system message. */
export function sent({ model }: ReturnType<typeof createWorld>, place: number): unknown[] {
  return (model.requests[place]?.messages ?? []).slice(1);
}
