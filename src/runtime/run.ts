import type { MessageChunk } from '../messages/message.ts';
import { noUsage } from '../messages/usage.ts';
import { ActiveClock } from '../streams/active-clock.ts';
import type { WorkEnd } from './close-run.ts';
import type { RunBody } from './run-body.ts';
import { graceMs } from './options/run-options.ts';
import type { RunOutcome, StopReason } from './run-outcome.ts';

export interface RunDeps {
  readonly createBody: (clock: ActiveClock, signal: AbortSignal, interrupt: (reason?: string) => void) => RunBody;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  readonly totalMs: number;
  readonly durability: 'batch' | 'strict';
  /** Called at the first `next()`, before anything else: makes the session live, and gives what ends that. Throws `session-busy`. */
  readonly enter: (run: Run) => () => void;
}

/** What `setTimeout` can count to: some 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * One run, as its reader holds it: an async generator of batches that returns the outcome.
 *
 * The reader drives: nothing is done ahead of it, and leaving the loop stops the run. A plain generator could not be stopped
 * from outside while it waits in a model call or is parked at a `yield`; this one can, by `stop`.
 */
export class Run implements AsyncGenerator<MessageChunk[], RunOutcome, void> {
  /** Settles when the run has ended, also after `break`. Rejects only with what `next` rejects with. */
  readonly outcome: Promise<RunOutcome>;
  readonly body: RunBody;
  readonly #deps: RunDeps;
  readonly #clock = new ActiveClock();
  readonly #brake = new AbortController();
  readonly #begun = Promise.withResolvers<boolean>();
  readonly #ended = Promise.withResolvers<RunOutcome>();
  #state: 'new' | 'open' | 'ended' = 'new';
  #work: AsyncGenerator<unknown, WorkEnd> | undefined;
  #stopped: WorkEnd | undefined;
  /** The turn being taken; the next one waits for it. */
  #turn: Promise<unknown> | undefined;
  /** What was shown after the reader's last turn. */
  #tail: MessageChunk[] = [];
  /** What `next` throws at the end: a bug, or a lost store. */
  #fault: { readonly error: unknown } | undefined;
  #giveUp = (): void => {};
  /** It was stopped so long ago that what has not ended is left behind. */
  #hasGivenUp = false;
  #leave = (): void => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: RunDeps) {
    this.#deps = deps;
    this.body = deps.createBody(this.#clock, this.#brake.signal, (reason) => this.stop('interrupted', reason));
    this.outcome = this.#ended.promise;
    // Nobody has to look at it: what it rejects with, `next` throws.
    this.outcome.catch(() => {});
  }

  /** Whether its journal is open: it has begun and not ended. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** True when the run's start is stored, false when that was impossible. */
  get begun(): Promise<boolean> {
    return this.#begun.promise;
  }

  get sessionId(): string {
    return this.body.sessionId;
  }

  /** A continued run takes the id it had, once it has begun. */
  get runId(): string {
    return this.body.runId;
  }

  next(): Promise<IteratorResult<MessageChunk[], RunOutcome>> {
    return this.#inTurn(async () => {
      await this.#begin();
      await this.#advance();
      if (this.#tail.length > 0) return { done: false, value: this.#tail.splice(0) };
      return { done: true, value: await this.#result() };
    });
  }

  /** Leaving the loop: the run is stopped and brought to rest. */
  return(): Promise<IteratorResult<MessageChunk[], RunOutcome>> {
    this.stop('reader-gone');
    return this.#inTurn(async () => {
      if (this.#state === 'new') this.#endUnbegun();
      await this.#closeParked();
      this.#tail = [];
      return { done: true, value: await this.#result() };
    });
  }

  /** A reader's error is the reader's own: the run ends as by `return`. */
  throw(): Promise<IteratorResult<MessageChunk[], RunOutcome>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Stops the run, whatever it is doing. The first reason counts; `note` is kept with it, and told to the tools that run. */
  stop(reason: StopReason, note?: string): void {
    if (this.#stopped !== undefined || this.#state === 'ended') return;
    this.#stopped = { type: 'stopped', reason, ...(note === undefined ? {} : { note }) };
    this.body.stopAccepting();
    this.#brake.abort(new DOMException(`The run was stopped: ${note ?? reason}.`, 'AbortError'));
    if (this.#state === 'new' && this.#turn === undefined) return;
    // What is deaf to the brake is left behind.
    const timer = setTimeout(() => {
      this.#hasGivenUp = true;
      this.#giveUp();
    }, graceMs + 400);
    void this.outcome.catch(() => {}).finally(() => clearTimeout(timer));
    // A generator parked at its yield runs no code: it must be closed from here.
    if (this.#turn === undefined) void this.#inTurn(() => this.#closeParked());
  }

  /** Takes the session and stores the run's start: the first thing `next` does. Throws what makes that impossible. */
  begin(): Promise<void> {
    return this.#inTurn(() => this.#begin());
  }

  async #begin(): Promise<void> {
    if (this.#state !== 'new') return;
    try {
      this.#leave = this.#deps.enter(this);
      this.#watch();
      await this.body.open();
      this.#work = this.body.work;
      this.#state = 'open';
      this.#begun.resolve(true);
    } catch (error) {
      const shown = await this.body.refusalOf(error);
      this.#end({ error: shown });
      throw shown;
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn === undefined ? act() : this.#turn.then(act, act);
    this.#turn = turn;
    const forget = () => {
      if (this.#turn !== turn) return;
      this.#turn = undefined;
      // Stopped in the last moment of this turn: its reader may never take another one.
      if (this.#stopped !== undefined && this.#state === 'open') void this.#inTurn(() => this.#closeParked());
    };
    turn.then(forget, forget);
    return turn;
  }

  /** The caller's signal and the run's own clock, until the run ends. */
  #watch(): void {
    const { signal, totalMs } = this.#deps;
    const onAbort = () => this.stop('aborted');
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    const isCounted = totalMs <= longestTimerMs;
    const onTime = () => isCounted && this.stop('deadline');
    this.#timer = setTimeout(onTime, isCounted ? totalMs : longestTimerMs).unref();
    const leave = this.#leave;
    this.#leave = () => {
      clearTimeout(this.#timer);
      signal?.removeEventListener('abort', onAbort);
      leave();
    };
  }

  /**
   * Works until there is something to show, or the run has ended. One that was stopped is worked to its end in this turn: its
   * reader may never take another one.
   *
   * Its timer keeps the process alive while it is read, whatever it waits for. A reader that has parked it for good does not.
   */
  async #advance(): Promise<void> {
    this.#clock.resume();
    this.#timer?.ref();
    while (this.#state === 'open' && (this.#tail.length === 0 || this.#stopped !== undefined)) {
      const end = await this.#takeStep((work) => work.next());
      if (end === undefined) this.#takeShown();
      else await this.#close(end);
    }
    this.#timer?.unref();
    this.#clock.pause();
  }

  #takeShown(): void {
    const shown = this.body.takeShown();
    this.#tail = this.#tail.length === 0 ? shown : [...this.#tail, ...shown];
  }

  async #closeParked(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#clock.resume();
    const end = await this.#takeStep((work) => work.return(this.#stopEnd()));
    await this.#close(end ?? this.#stopEnd());
  }

  /** One step of the work: its end, or `undefined` when it goes on. */
  async #takeStep(
    step: (work: AsyncGenerator<unknown, WorkEnd>) => Promise<IteratorResult<unknown, WorkEnd>>,
  ): Promise<WorkEnd | undefined> {
    try {
      const next = await this.#orGiveUp(step(this.#work as AsyncGenerator<unknown, WorkEnd>));
      if (this.#deps.durability === 'strict') await this.body.journal.sync();
      if (next === 'given-up') return this.#stopEnd();
      return next.done ? next.value : undefined;
    } catch (error) {
      this.#fault = { error };
      return { type: 'bug' };
    }
  }

  #orGiveUp<T>(promise: Promise<T>): Promise<T | 'given-up'> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => resolve('given-up');
      if (this.#hasGivenUp) this.#giveUp();
      promise.then(resolve, reject);
    });
  }

  #stopEnd(): WorkEnd {
    return this.#stopped ?? { type: 'stopped', reason: 'aborted' };
  }

  async #close(end: WorkEnd): Promise<void> {
    try {
      const outcome = await this.body.close(end.type === 'stopped' ? this.#stopEnd() : end);
      this.#takeShown();
      this.#end({ outcome });
    } catch (error) {
      this.#end({ error });
    }
  }

  #end(ended: { readonly outcome: RunOutcome } | { readonly error: unknown }): void {
    this.#state = 'ended';
    this.#begun.resolve(false);
    this.#leave();
    if ('outcome' in ended) {
      this.#ended.resolve(ended.outcome);
      return;
    }
    this.#fault ??= ended;
    this.#ended.reject(this.#fault.error);
  }

  /** Left before the first `next()`: nothing was acquired, and nothing is stored. */
  #endUnbegun(): void {
    const { sessionId, runId } = this;
    const nothing = { usage: noUsage, pendingGuidance: [], abandonedTools: [] };
    this.#end({
      outcome: { status: 'interrupted', reason: 'reader-gone', phase: 'start', sessionId, runId, ...nothing },
    });
  }

  async #result(): Promise<RunOutcome> {
    if (this.#fault !== undefined) throw this.#fault.error;
    return this.outcome;
  }
}
