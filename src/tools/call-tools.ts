import { isSageError, messageOf } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { linkAbort } from '../streams/abort.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import { Deadline } from '../streams/deadline.ts';
import { mapBatches } from '../streams/map-batches.ts';
import { mergeBranches } from '../streams/merge-branches.ts';
import { isAbandoned, withGrace } from '../streams/with-grace.ts';
import { CallSuspended, type Asked, type AskedCall } from './confirmation.ts';
import { FailedResult } from './failed-result.ts';
import { limitResult } from './limit-result.ts';
import {
  failure,
  prepareCall,
  type CallOutcome,
  type PlacedCall,
  type PrepareOptions,
  type ReadyCall,
} from './prepare-call.ts';
import { outOfTime, runTool } from './run-tool.ts';
import type { DelegatingToolContext, Tool } from './tool.ts';
import { inTurn, takeTurn, Turns, type Turn } from './turns.ts';

/** A call that may start now, with the sessions it will work in if it delegates. */
export interface IntendedCall extends PlacedCall {
  readonly children?: readonly string[];
}

/** A call that was started, with the arguments it had. */
export interface RanCall {
  readonly placed: PlacedCall;
  readonly tool: Tool;
  readonly args: unknown;
}

/** Where the caller records what happens, so that it survives a crash. */
export interface CallEffects {
  /** Takes every call that may start now, before the first of them does; resolves when all are durable. */
  intents(calls: readonly IntendedCall[]): Promise<void>;
  /** Takes each outcome once, the moment it is there. */
  result(placed: PlacedCall, outcome: CallOutcome): void;
}

export interface CallToolsOptions extends PrepareOptions {
  /** Asks a person, and yields when there is something to show of that. Throws the signal's reason when it aborts. */
  readonly ask: (asked: AskedCall, signal: AbortSignal) => AsyncGenerator<void, Asked>;
  /** Told what a call came to, before anybody else is; gives what is told instead. */
  readonly after?: (ran: RanCall, outcome: CallOutcome) => Promise<CallOutcome>;
  readonly effects: CallEffects;
  /** Everything a tool is told but its signal and its children, which are made for each call. */
  readonly contextOf: (placed: PlacedCall) => Omit<DelegatingToolContext, 'signal' | 'children'>;
  /** Opens the run's sandbox, once. What it throws ends the calls before any has started. */
  readonly openSandbox: () => Promise<Sandbox>;
  readonly signal: AbortSignal;
  readonly clock: ActiveClock;
  /** For tools that set no time of their own. */
  readonly toolMs: number;
  /** How long a tool may take to end once its signal has aborted. */
  readonly graceMs: number;
  /** Told of a tool that did not end within its grace: its late result is dropped. */
  readonly onAbandoned: (placed: PlacedCall) => void;
}

/** What happens while calls run. A `result` has been recorded when it is yielded. */
export type ToolEvent =
  | { readonly type: 'progress'; readonly placed: PlacedCall; readonly text: string }
  | { readonly type: 'asked'; readonly placed: PlacedCall }
  | { readonly type: 'result'; readonly placed: PlacedCall };

/** `suspended`: at least one call waits for a person and has no result, all others have theirs. */
export type CallsEnd = 'settled' | 'suspended';

const atOnce = 8;

/**
 * Runs the calls of one message side by side, at most eight at once.
 *
 * What the model can mend — an unknown tool, broken arguments, a refusal, an error, a tool out of time — becomes that call's
 * result. A call that a person is asked about holds nobody up. When `signal` aborts, tools that run have `graceMs` to end, and no other starts.
 */
export async function* callTools(
  calls: readonly PlacedCall[],
  options: CallToolsOptions,
): AsyncGenerator<ToolEvent, CallsEnd> {
  const delegations: ReadyCall[] = [];
  const prepare = async (placed: PlacedCall) => {
    const prepared = await prepareCall(placed, options);
    if ('tool' in prepared && 'children' in prepared) delegations.push(prepared);
    return prepared;
  };
  try {
    return yield* runCalls(calls, { ...options, prepare });
  } finally {
    // Also of those that never started.
    for (const { tool, children = [] } of delegations) tool.releaseChildren?.(children);
  }
}

interface PreparedOptions extends CallToolsOptions {
  readonly prepare: (placed: PlacedCall) => ReturnType<typeof prepareCall>;
}

async function* runCalls(calls: readonly PlacedCall[], options: PreparedOptions): AsyncGenerator<ToolEvent, CallsEnd> {
  const { effects, signal } = options;
  const ready: ReadyCall[] = [];
  const asked: AskedCall[] = [];
  const refused: { readonly placed: PlacedCall; readonly outcome: CallOutcome }[] = [];
  for (const placed of calls) {
    const prepared = await options.prepare(placed);
    if ('reason' in prepared) asked.push(prepared);
    else if ('tool' in prepared) ready.push(prepared);
    else refused.push({ placed, outcome: prepared });
  }
  const sandbox = ready.some(({ tool }) => tool.sandbox === 'needed') ? await options.openSandbox() : undefined;
  if (signal.aborted) return 'settled';
  if (ready.length > 0) await effects.intents(ready.map(toIntended));
  for (const { placed, outcome } of refused) {
    effects.result(placed, outcome);
    yield { type: 'result', placed };
  }
  // When a result cannot be stored, the tools that still run are told to stop.
  using scope = linkAbort(signal);
  const stoppable = { ...options, signal: scope.signal, places: new Turns(atOnce) };
  const ends = yield* mergeBranches(
    [
      ...ready.map((call) => () => inPlace(stoppable, () => runCall(call, sandbox, stoppable, signal))),
      ...asked.map((call) => () => askThenRun(call, stoppable, signal)),
    ],
    // Tools get their own grace first.
    { limit: Infinity, graceMs: options.graceMs + 250, abort: scope.abort },
  );
  return ends.includes('suspended') ? 'suspended' : 'settled';
}

function toIntended({ placed, children }: ReadyCall): IntendedCall {
  return children === undefined ? placed : { ...placed, children };
}

interface RunOptions extends PreparedOptions {
  /** Of the message: who waits for a person takes nobody's. */
  readonly places: Turns;
}

async function* inPlace(
  { places, signal }: RunOptions,
  run: () => AsyncGenerator<ToolEvent, CallsEnd>,
): AsyncGenerator<ToolEvent, CallsEnd> {
  // Stopped while it waits, it says so itself.
  const place = await places.take(signal).catch(() => undefined);
  return yield* inTurn(place, run());
}

/** The call starts when it is allowed to, with an intent of its own. */
async function* askThenRun(
  call: AskedCall,
  options: RunOptions,
  run: AbortSignal,
): AsyncGenerator<ToolEvent, CallsEnd> {
  const { effects, signal } = options;
  const { placed } = call;
  let asked: Asked;
  try {
    asked = yield* mapBatches(options.ask(call, signal), (): ToolEvent => ({ type: 'asked', placed }));
  } catch (error) {
    if (!signal.aborted) throw error;
    return notStarted(placed, effects);
  }
  if (asked.type === 'suspended') return 'suspended';
  // What is to be run now may be something else, and nothing that is said of a call outweighs a denial.
  const prepared = asked.type === 'deny' ? failure('PERMISSION_DENIED', asked.reason) : await options.prepare(placed);
  // An abort beats an answer.
  if (signal.aborted) return notStarted(placed, effects);
  if ('reason' in prepared) return yield* askThenRun(prepared, options, run);
  if (!('tool' in prepared)) {
    effects.result(placed, prepared);
    yield { type: 'result', placed };
    return 'settled';
  }
  return yield* inPlace(options, () => startLate(prepared, options, run));
}

async function* startLate(
  ready: ReadyCall,
  options: CallToolsOptions,
  run: AbortSignal,
): AsyncGenerator<ToolEvent, CallsEnd> {
  const { effects, signal } = options;
  if (signal.aborted) return notStarted(ready.placed, effects);
  const sandbox = ready.tool.sandbox === 'needed' ? await options.openSandbox() : undefined;
  if (signal.aborted) return notStarted(ready.placed, effects);
  await effects.intents([toIntended(ready)]);
  return yield* runCall(ready, sandbox, options, run);
}

function notStarted(placed: PlacedCall, effects: CallEffects): CallsEnd {
  effects.result(placed, { status: 'not_run', content: 'The run was stopped before this call was started.' });
  return 'settled';
}

async function* runCall(
  ready: ReadyCall,
  sandbox: Sandbox | undefined,
  options: CallToolsOptions,
  run: AbortSignal,
): AsyncGenerator<ToolEvent, CallsEnd> {
  const { effects, signal } = options;
  const { placed, tool, note } = ready;
  // Its time starts with its turn.
  const taken = await takeTurn(tool, signal).then(
    (turn) => ({ turn }),
    (error: unknown) => ({ refusal: messageOf(error) }),
  );
  const isRefused = 'refusal' in taken;
  if (signal.aborted) {
    if (!isRefused) taken.turn?.[Symbol.dispose]();
    return run.aborted ? notStarted(placed, effects) : 'settled';
  }
  const outcome = isRefused
    ? failure('EXECUTION_ERROR', taken.refusal)
    : yield* runToEnd(ready, taken.turn, sandbox, options);
  if (outcome === 'suspended') return outcome;
  const noted = note === undefined ? outcome : { ...outcome, content: `${note}\n${outcome.content}` };
  const isTold = isRefused || options.after === undefined;
  effects.result(placed, isTold ? noted : await options.after(ready, noted));
  yield { type: 'result', placed };
  return 'settled';
}

/** Has let go of its timer and its signal when it ends, also when it is closed and the tool fails at that. */
async function* runToEnd(
  { placed, tool, args, children, answer }: ReadyCall,
  turn: Turn | undefined,
  sandbox: Sandbox | undefined,
  options: CallToolsOptions,
): AsyncGenerator<ToolEvent, CallOutcome | 'suspended'> {
  const { signal, clock } = options;
  const waitsForChildren = children !== undefined;
  const ms = waitsForChildren ? Infinity : (tool.timeoutMs ?? options.toolMs);
  const graceMs = waitsForChildren ? Infinity : options.graceMs;
  using stop = linkAbort(signal);
  using _time = new Deadline({ clock, ms, onExpired: () => stop.abort(outOfTime(tool.name, ms)) });
  const context = {
    ...options.contextOf(placed),
    signal: stop.signal,
    ...(tool.sandbox === 'needed' ? { sandbox } : {}),
    ...(waitsForChildren ? { children } : {}),
    ...(answer === undefined ? {} : { answer }),
  };
  try {
    const running = withGrace(inTurn(turn, runTool(tool, args, context)), { signal: stop.signal, graceMs });
    const output = yield* mapBatches(running, (text): ToolEvent => ({ type: 'progress', placed, text }));
    // What JSON cannot hold is the tool's error.
    return { status: 'success', content: limitResult(output, tool.outputLimitBytes) };
  } catch (error) {
    if (error instanceof CallSuspended) return 'suspended';
    if (isAbandoned(error)) {
      turn?.abandon();
      options.onAbandoned(placed);
    }
    const outcome = failureOf(error, tool.name, stop.signal, signal);
    return { ...outcome, content: limitResult(outcome.content, tool.outputLimitBytes) };
  }
}

function failureOf(error: unknown, name: string, own: AbortSignal, run: AbortSignal): CallOutcome {
  if (error instanceof FailedResult) return { status: run.aborted ? 'cancelled' : 'error', content: error.content };
  if (run.aborted)
    return { status: 'cancelled', content: `Tool "${name}" was stopped with the run, before it had ended.` };
  if (own.aborted) return failure('TIMEOUT', messageOf(own.reason));
  return failure('EXECUTION_ERROR', isSageError(error) ? error.message : `Tool "${name}" failed: ${messageOf(error)}`);
}
