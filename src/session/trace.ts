import type { Entry, HookRan } from './entry.ts';

/** One node of a run's flow, as far as it has come. */
export interface TraceStep {
  /** From the root, with loop turns: `root/steps/0/body/2`. */
  readonly path: string;
  /** `agent`, `sequence`, `parallel`, `loop`, `if` or `switch`. */
  readonly node_type: string;
  readonly agent_key?: string;
  /** Of an `if` or `switch`: the name of the child it took, as in a path (`true_body`, `cases/simple`), or `none`. */
  readonly decision?: string;
  /** Unix seconds; of the newest attempt. */
  readonly entered_at: number;
  /** Missing while the node is at work, and for good where the run ended in it. */
  readonly left_at?: number;
  readonly outcome?: string;
  /** `max_loops`: a loop has used up its turns. */
  readonly note?: string;
}

/** One call of a hook. */
export interface HookTrace extends Omit<HookRan, 'type' | 'session_id'> {
  /** Unix seconds. */
  readonly at: number;
}

/** The nodes of one run in the order they were first entered: the flow's program counter, and what `getTrace` shows. */
export class Trace {
  readonly #steps = new Map<string, TraceStep>();
  readonly #hooks: HookTrace[] = [];

  /** What hooks said, in order. */
  get hooks(): readonly HookTrace[] {
    return this.#hooks;
  }

  get(path: string): TraceStep | undefined {
    return this.#steps.get(path);
  }

  list(): TraceStep[] {
    return [...this.#steps.values()];
  }

  fold(entry: Entry, at: number): void {
    if (entry.type === 'node_entered') {
      const { type: _type, session_id: _session, ...step } = entry;
      this.#steps.set(entry.path, { ...step, entered_at: at });
    } else if (entry.type === 'node_left') {
      const { type: _type, session_id: _session, ...end } = entry;
      const step = this.#steps.get(entry.path);
      if (step !== undefined) this.#steps.set(entry.path, { ...step, ...end, left_at: at });
    } else if (entry.type === 'hook_ran') {
      const { type: _type, session_id: _session, ...ran } = entry;
      this.#hooks.push({ ...ran, at });
    }
  }
}
