import type { NodeOutcome, RunPhase } from '../agents/agent.ts';
import type { FlowNode } from '../flow/flow.ts';
import type { FlowEnd, FlowTrace } from '../flow/run-flow.ts';
import type { NodeEntered, NodeLeft } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import type { TraceStep } from '../session/trace.ts';

/**
 * The trace of a flow, kept in the journal while the run lasts.
 *
 * Which nodes were entered and left is stored in front of what the agents say next, in one record with it: the trace costs no
 * writes of its own where they say something at once. Else `flush` stores it, at the latest when the event loop turns.
 */
export class JournalTrace implements FlowTrace<NodeOutcome> {
  readonly #session: Session;
  readonly #enter: (phase: RunPhase) => void;
  #flushing: NodeJS.Immediate | undefined;

  /** `enter` is told that the run is between its agents. */
  constructor(session: Session, enter: (phase: RunPhase) => void) {
    this.#session = session;
    this.#enter = enter;
  }

  outcomeOf(path: string): NodeOutcome | undefined {
    const type = this.#stepAt(path)?.outcome;
    return isForGood(type) ? { type } : undefined;
  }

  decisionOf(path: string): string | undefined {
    return this.#stepAt(path)?.decision;
  }

  wasEntered(path: string): boolean {
    return this.#stepAt(path) !== undefined;
  }

  entered(path: string, node: FlowNode, decision?: string): void {
    this.#enter('flow');
    const key = node.node_type === 'agent' ? { agent_key: node.agent_key } : {};
    const decided = decision === undefined ? {} : { decision };
    this.#defer({ type: 'node_entered', path, node_type: node.node_type, ...key, ...decided });
  }

  left(path: string, { type }: NodeOutcome | FlowEnd, note?: string): void {
    // What is stopped, fails, waits for a person, or is over its budget ends the run where the agent stood.
    if (type === 'done') this.#enter('flow');
    if (type === 'stopped' || type === 'failed' || type === 'approval-required' || type === 'hook-stopped') return;
    this.#defer({ type: 'node_left', path, outcome: type, ...(note === undefined ? {} : { note }) });
  }

  /** To be called before anything is waited for, and before the run's last words. */
  flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    this.#session.flush();
  }

  #defer(entry: NodeEntered | NodeLeft): void {
    this.#session.defer(entry);
    this.#flushing ??= setImmediate(() => this.#flushLate());
  }

  #flushLate(): void {
    try {
      this.flush();
    } catch {
      // A run that is over takes nothing more, and a journal that failed says so at the run's next word.
    }
  }

  #stepAt(path: string): TraceStep | undefined {
    return this.#session.trace?.get(path);
  }
}

/** Only these are ever left for good: after the others the run has ended. */
function isForGood(
  type: string | undefined,
): type is Exclude<NodeOutcome['type'], 'stopped' | 'failed' | 'approval-required' | 'hook-stopped'> {
  return (
    type === 'done' ||
    type === 'need-user-input' ||
    type === 'max-loops' ||
    type === 'loop-detected' ||
    type === 'budget'
  );
}
