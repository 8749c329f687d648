import type { Entry, RunEnded } from '../../session/entry.ts';
import type { Journal } from '../../session/journal.ts';
import type { WorkEnd } from '../close-run.ts';
import type { SessionEnd, SessionRun } from '../session-run.ts';

export interface ChildRunDeps {
  readonly journal: Journal;
  /** Aborts what the child's work is given as its signal. */
  readonly abort: (reason: unknown) => void;
  /** What brings to rest those below it that wait for a person, when it does not. */
  readonly closeBelow: () => readonly Entry[];
  /** Its end has been stored, or it has come to none. */
  readonly onEnded: () => void;
}

/** The run of one child. It is read as a branch of its tree, and tells what it came to by `ended`. */
export class ChildRun {
  readonly run: SessionRun;
  /** Rejects with what its work threw: a bug, or a lost store. */
  readonly ended: Promise<RunEnded>;
  readonly #deps: ChildRunDeps;
  readonly #settled = Promise.withResolvers<RunEnded>();
  #isOver = false;
  #takeOut = (): void => {};
  /** Why it alone is to end. */
  #stopped: WorkEnd = { type: 'stopped', reason: 'aborted' };

  constructor(run: SessionRun, deps: ChildRunDeps) {
    this.run = run;
    this.#deps = deps;
    this.ended = this.#settled.promise;
  }

  /** Begins to be read: `join` gives what takes a branch out again. */
  join(join: (branch: AsyncGenerator<unknown, void>) => () => void): void {
    this.#takeOut = join(this.#work());
  }

  /** Stops this child, and by their signals those that work for it; `note` is told to its parent. */
  stop(note: string | undefined): void {
    if (this.#isOver) return;
    this.#stopped = { type: 'stopped', reason: 'interrupted', ...(note === undefined ? {} : { note }) };
    this.run.isAccepting = false;
    this.#deps.abort(new DOMException(`The child was stopped: ${note ?? 'interrupted'}.`, 'AbortError'));
    this.leave();
  }

  /** Takes it out of the tree once its signal has aborted, also where nobody reads: parked, it would not hear of that. */
  leave(): void {
    this.#takeOut();
  }

  /** It was stopped so long ago that what has not ended is left behind. */
  giveUp(): void {
    this.#store(this.#stopped);
  }

  /** What is to be stored of its end by whoever ends the whole run; it takes nothing more. */
  cut(): readonly Entry[] {
    return this.#isOver ? [] : this.#end(this.#stopped).entries;
  }

  async *#work(): AsyncGenerator<unknown, void> {
    try {
      const end = yield* this.run.work();
      this.#store(end.type === 'stopped' ? this.#stopped : end);
    } catch (error) {
      this.#isOver = true;
      this.#settled.reject(error);
      this.#deps.onEnded();
      throw error;
    } finally {
      // Closed by whoever read it: it was parked.
      this.#store(this.#stopped);
    }
  }

  #store(end: WorkEnd): void {
    if (this.#isOver) return;
    const { journal, closeBelow } = this.#deps;
    const { entries, ended } = this.#end(end);
    journal.append([...(ended.status === 'waiting' ? [] : closeBelow()), ...entries]);
  }

  #end(end: WorkEnd): SessionEnd {
    this.#isOver = true;
    const last = this.run.end(end);
    this.#settled.resolve(last.ended);
    this.#deps.onEnded();
    return last;
  }
}
