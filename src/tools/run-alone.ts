import { nanoid } from 'nanoid';
import { SageError } from '../errors.ts';
import { linkAbort } from '../streams/abort.ts';
import { ActiveClock } from '../streams/active-clock.ts';
import { Deadline } from '../streams/deadline.ts';
import { drain } from '../streams/drain.ts';
import { mapBatches } from '../streams/map-batches.ts';
import { isAbandoned, withGrace } from '../streams/with-grace.ts';
import { checkArguments, outOfTime, runTool } from './run-tool.ts';
import type { SandboxToolContext, Tool } from './tool.ts';
import { inTurn, takeTurn } from './turns.ts';

/** What a host says of a call it makes itself. Ids are made where it names none, and the state is forgotten. */
export interface RunToolContext extends Partial<SandboxToolContext> {
  /** Takes the tool's progress. Default: it is dropped. */
  readonly onProgress?: (text: string) => void;
}

/** How long a tool may take to end once it has been stopped; a deaf one is left behind. */
const graceMs = 2_000;

/**
 * Runs a tool outside of a run, with its turn and its time. What it gives back is as it gave it: the limit of its output is the
 * model's.
 *
 * @throws {SageError} `tool-error` for arguments its schema refuses, for a sandbox that is missing and for a turn that will not
 * come, `deadline` when its time is up; the reason of a signal that aborts; and whatever the tool throws.
 */
export async function runAlone(tool: Tool, args: unknown, { onProgress, ...given }: RunToolContext): Promise<unknown> {
  const checked = await checkArguments(tool, args);
  if (tool.sandbox === 'needed' && given.sandbox === undefined) {
    const message = `Tool "${tool.name}" needs a sandbox. Give one in the context: openSandbox() opens one.`;
    throw new SageError('tool-error', message, { tool: tool.name });
  }
  using stop = linkAbort(given.signal);
  const turn = await takeTurn(tool, stop.signal);
  if (stop.signal.aborted) {
    turn?.[Symbol.dispose]();
    throw stop.signal.reason;
  }
  const { timeoutMs: ms = Infinity } = tool;
  using _time = new Deadline({ clock: new ActiveClock(), ms, onExpired: () => stop.abort(outOfTime(tool.name, ms)) });
  const callId = nanoid();
  const context = {
    sessionId: nanoid(),
    runId: nanoid(),
    callId,
    idempotencyKey: callId,
    state: new Map<string, unknown>(),
    ...given,
    signal: stop.signal,
  };
  try {
    const running = withGrace(inTurn(turn, runTool(tool, checked, context)), { signal: stop.signal, graceMs });
    return await drain(mapBatches(running, (text) => onProgress?.(text)));
  } catch (error) {
    if (!isAbandoned(error)) throw error;
    turn?.abandon();
    throw stop.signal.reason;
  }
}
