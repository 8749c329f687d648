import { messageOf, withPeriod } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { linkAbort, untilAborted } from '../streams/abort.ts';
import { Deadline, type DeadlineOptions } from '../streams/deadline.ts';
import type { HookContext, HookName, Hooks } from './hooks.ts';

/** What a hook came to. `failed`: it threw, gave something it may not, or was out of time. */
export type HookEnd<Result> =
  | { readonly type: 'passed' }
  | { readonly type: 'said'; readonly result: Result }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'stopped' };

/** Where a hook is called from. */
export interface HookPlace {
  readonly session: Session;
  readonly node: string;
  readonly agentName: string;
  readonly signal: AbortSignal;
}

/** Calls the hooks of a run, each in its time, and keeps in the trace what they said. */
export class HookRunner {
  readonly #hooks: Hooks;
  readonly #time: Pick<DeadlineOptions, 'clock' | 'ms'>;
  readonly #turns = new Map<string, Promise<unknown>>();

  /** `time` is what one hook may take. */
  constructor(hooks: Hooks, time: Pick<DeadlineOptions, 'clock' | 'ms'>) {
    this.#hooks = hooks;
    this.#time = time;
  }

  has(name: HookName): boolean {
    return this.#hooks[name] !== undefined;
  }

  /**
   * One after the other in each session, where branches of a run come to the same: what one of them has come to, unless that is
   * nothing, those that wait beside it come to as well.
   */
  async inTurn<Result>(sessionId: string, act: () => Promise<Result | undefined>): Promise<Result | undefined> {
    const before = this.#turns.get(sessionId) as Promise<Result | undefined> | undefined;
    const turn = before === undefined ? act() : before.then((result) => result ?? act());
    this.#turns.set(sessionId, turn);
    try {
      return await turn;
    } finally {
      // Nobody waits beside it any more: what comes later is another matter.
      if (this.#turns.get(sessionId) === turn) this.#turns.delete(sessionId);
    }
  }

  /** `read` takes what the hook may give; `undefined` for anything else. */
  async run<Name extends HookName, Result>(
    name: Name,
    subject: Parameters<NonNullable<Hooks[Name]>>[0],
    place: HookPlace,
    read: (given: Readonly<Record<string, unknown>>) => Result | undefined,
  ): Promise<HookEnd<Result>> {
    const hook = this.#hooks[name] as ((subject: unknown, context: HookContext) => unknown) | undefined;
    if (hook === undefined) return { type: 'passed' };
    if (place.signal.aborted) return { type: 'stopped' };
    const end = await this.#call(name, (context) => hook(subject, context), place, read);
    keep(name, end, place);
    return end;
  }

  async #call<Result>(
    name: HookName,
    call: (context: HookContext) => unknown,
    { session, agentName, signal }: HookPlace,
    read: (given: Readonly<Record<string, unknown>>) => Result | undefined,
  ): Promise<HookEnd<Result>> {
    using scope = linkAbort(signal);
    const onExpired = () => scope.abort(new Error(`it did not end within ${this.#time.ms} ms`));
    using _deadline = new Deadline({ ...this.#time, onExpired });
    const context = { sessionId: session.id, runId: session.runId, agentName, signal: scope.signal };
    try {
      const given = await untilAborted(Promise.resolve(call(context)), scope.signal);
      if (signal.aborted) return { type: 'stopped' };
      if (given === undefined) return { type: 'passed' };
      const result = isRecord(given) ? read(given) : undefined;
      if (result !== undefined) return { type: 'said', result };
      return { type: 'failed', reason: `The hook ${name} gave something it may not give.` };
    } catch (error) {
      // A run that is being stopped does not wait for what its hooks say.
      if (signal.aborted) return { type: 'stopped' };
      return { type: 'failed', reason: `The hook ${name} failed: ${withPeriod(messageOf(error))}` };
    }
  }
}

function keep(hook: HookName, end: HookEnd<unknown>, { session, node }: HookPlace): void {
  if (end.type === 'stopped') return;
  const why = end.type === 'failed' ? { reason: end.reason } : reasonOf(end);
  session.append([{ type: 'hook_ran', hook, path: node, outcome: end.type, ...why }]);
}

function reasonOf(end: HookEnd<unknown>): { readonly action?: string; readonly reason?: string } {
  if (end.type !== 'said' || !isRecord(end.result)) return {};
  const { action, reason } = end.result;
  return {
    ...(typeof action === 'string' ? { action } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
