import type { MessageChunk } from '../messages/message.ts';
import type { Entry } from '../session/entry.ts';
import { answerWithoutResult, resultEntries, resultMessage, type OpenCalls } from '../session/open-calls.ts';
import type { MessageStream } from '../session/session.ts';
import { mapBatches } from '../streams/map-batches.ts';
import { callTools, type CallEffects, type CallsEnd, type IntendedCall, type ToolEvent } from '../tools/call-tools.ts';
import type { CallOutcome, PlacedCall } from '../tools/prepare-call.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentContext } from './agent.ts';
import { afterTool, beforeTool } from './hook-tools.ts';
import type { HookedCall } from './hooks.ts';

/**
 * Brings the calls of one message to their results.
 *
 * Calls that were started before a crash are started again where their tool says that is safe; the others are answered "may or
 * may not have run". Calls beyond the budget stay open: the end of the run answers them.
 */
export async function* runOpenCalls(context: AgentContext, open: OpenCalls): AsyncGenerator<MessageChunk[], CallsEnd> {
  const { session, budget, identity, permit } = context;
  const record = new CallRecord(context, open);
  const waiting = open.calls
    .map((call, index): PlacedCall => ({ call, index }))
    .filter(({ index }) => !open.answered.has(index) && !open.settled.has(index));
  const [mayRun, mayHaveRun] = partition(waiting, (placed) => isSafeToStart(context, open, placed));
  for (const { index } of mayHaveRun) {
    yield session.append(resultEntries(open, index, answerWithoutResult(open, index, session.createId)));
  }
  const running = callTools(withinBudget(mayRun, open, budget.toolCallsLeft()), {
    ...context,
    toolMs: context.deadlines.toolMs,
    decide: ({ placed: { index }, tool, input, args }) =>
      permit.decide(session, { call: [open.messageId, index], tool, input, args }, (decision) =>
        beforeTool(context, toHooked(open, index, tool, args), decision),
      ),
    after: ({ placed: { index }, tool, args }, outcome) =>
      afterTool(context, toHooked(open, index, tool, args), outcome),
    decidedInput: ({ index }) => permit.decidedInput(session, [open.messageId, index]),
    ask: ({ placed: { index }, ...asked }, signal) =>
      permit.ask(session, { call: [open.messageId, index], ...asked }, signal),
    effects: record,
    contextOf: ({ index, call }) => ({
      ...identity,
      sessionId: session.id,
      runId: session.runId,
      callId: call.id,
      idempotencyKey: `${open.messageId}-${index}`,
      call: [open.messageId, index],
      state: session.toolState,
    }),
    childrenOf: ({ index }) => open.children.get(index),
  });
  return yield* mapBatches(running, (event) => record.show(event));
}

/** What had been started before is paid for. */
function withinBudget(calls: readonly PlacedCall[], { intended }: OpenCalls, left: number): PlacedCall[] {
  let rest = left;
  return calls.filter(({ index }) => intended.has(index) || (rest -= 1) >= 0);
}

function toHooked({ messageId }: OpenCalls, index: number, { name, effect }: Tool, args: unknown): HookedCall {
  return { tool: name, effect, args, callKey: `${messageId}-${index}` };
}

/** A tool that is no longer there cannot tell what it did. */
function isSafeToStart({ tools }: AgentContext, open: OpenCalls, { index, call }: PlacedCall): boolean {
  const { effect = 'once' } = tools.getTool(call.function.name) ?? {};
  return !open.intended.has(index) || effect !== 'once';
}

/** Writes what happens to calls into the session: intents before, progress and results as they come. */
class CallRecord implements CallEffects {
  readonly #context: AgentContext;
  readonly #open: OpenCalls;
  readonly #progress = new Map<number, MessageStream>();
  /** Chunks stored since they were last yielded. */
  #shown: MessageChunk[] = [];

  constructor(context: AgentContext, open: OpenCalls) {
    this.#context = context;
    this.#open = open;
  }

  /** The reply and all its intents are durable with one sync. What delegates, and goes on, has its intent already. */
  async intents(calls: readonly IntendedCall[]): Promise<void> {
    const { session } = this.#context;
    const others = calls.filter(({ index }) => !this.#open.children.has(index));
    if (others.length > 0) session.append([this.#intentsOf(others)]);
    const children = calls.flatMap((call) => call.children ?? []);
    await Promise.all([session.sync(), children.length === 0 ? undefined : session.addChildren(children)]);
  }

  #intentsOf(calls: readonly IntendedCall[]): Entry {
    const { messageId, intended } = this.#open;
    const indices = calls.map(({ index }) => index);
    const again = indices.filter((index) => intended.has(index));
    const delegating = calls.flatMap(({ index, children }) =>
      children === undefined ? [] : [[index, children] as const],
    );
    return {
      type: 'intents',
      message_id: messageId,
      calls: indices,
      ...(again.length === 0 ? {} : { again }),
      ...(delegating.length === 0 ? {} : { children: Object.fromEntries(delegating) }),
    };
  }

  result({ index }: PlacedCall, { status, content }: CallOutcome): void {
    const { session } = this.#context;
    const closing: Entry[] = this.#progress.get(index)?.closing() ?? [];
    const message = resultMessage(this.#open, index, session.createId, content, status);
    this.#shown.push(...session.append([...closing, ...resultEntries(this.#open, index, message)]));
  }

  show(event: ToolEvent): MessageChunk[] {
    if (event.type === 'progress' && !this.#hidesProgress)
      this.#shown.push(...this.#progressOf(event.placed).add([{ content: event.text }]));
    const shown = this.#shown;
    this.#shown = [];
    return shown;
  }

  /** What a hook may keep back cannot be told from its pieces. */
  get #hidesProgress(): boolean {
    return this.#context.hooks?.has('afterTool') === true;
  }

  #progressOf({ index, call }: PlacedCall): MessageStream {
    const known = this.#progress.get(index);
    if (known !== undefined) return known;
    const { session, agentName } = this.#context;
    const header = {
      role: 'tool',
      agent_name: agentName,
      tool_call_id: call.id,
      message_type: 'tool_progress',
    } as const;
    const stream = session.startMessage(header);
    this.#progress.set(index, stream);
    return stream;
  }
}

function partition<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}
