import { messageOf, SageError } from '../errors.ts';
import { untilAborted } from '../streams/abort.ts';

export type Condition<Context> = (context: Context) => boolean | Promise<boolean>;

/** The conditions that flows may name. Each runtime has its own. */
export class Conditions<Context> {
  readonly #byName: Map<string, Condition<Context>>;

  constructor(builtin: Readonly<Record<string, Condition<Context>>> = {}) {
    this.#byName = new Map(Object.entries(builtin));
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  /** @throws {SageError} `invalid-argument` for a name that is empty or taken. */
  register(name: string, condition: Condition<Context>): void {
    if (typeof name !== 'string' || name === '') throw unusable(name, 'a name that is not empty');
    if (typeof condition !== 'function') throw unusable(name, 'a function as its condition');
    if (this.#byName.has(name)) throw unusable(name, `a name other than ${this.names.join(', ')}`);
    this.#byName.set(name, condition);
  }

  /** Asks the host. @throws {SageError} `flow-error` naming the condition that failed; `signal.reason` when it aborts. */
  async holds(name: string, context: Context, signal: AbortSignal): Promise<boolean> {
    let answer: unknown;
    try {
      answer = await untilAborted(Promise.resolve(this.#byName.get(name)?.(context)), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw failed(name, `it threw: ${messageOf(error)}`, error);
    }
    if (typeof answer === 'boolean') return answer;
    // Not what it gave: that may be anything, and the error is shown to whoever reads the run.
    throw failed(name, `it gave a value of type ${typeof answer}, and must give true or false`);
  }
}

function failed(name: string, why: string, cause?: unknown): SageError {
  const message = `Condition "${name}" failed: ${why}. Mend it, then send a message to begin again.`;
  return new SageError('flow-error', message, { condition: name }, { cause });
}

function unusable(name: unknown, allowed: string): SageError {
  const message = `Condition ${JSON.stringify(name) ?? 'without a name'} cannot be registered. Allowed: ${allowed}.`;
  return new SageError('invalid-argument', message, { option: 'condition', given: name, allowed });
}
