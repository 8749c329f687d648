import { weightOf, weightOfLedger } from './entry-weight.ts';
import type { ChildStarted, Entry } from './entry.ts';
import { Confirmations } from './confirmations.ts';
import { GuidanceQueue } from './guidance-queue.ts';
import { Ledger } from './ledger.ts';
import { readLedger } from './read-ledger.ts';
import type { JournalRecord } from './session-store.ts';
import { foldRun, foldSpent, type LastRun } from './status.ts';
import { View } from './view.ts';

/** What a session has said, and as a model is shown it. */
interface Words {
  readonly ledger: Ledger;
  readonly view: View;
  /** Whether all of the session is there, and not only its newest run. */
  readonly isWhole: boolean;
}

interface Joining {
  readonly joined: ChildStarted;
  readonly parent: SessionState;
  readonly inRun: string | undefined;
}

/**
 * One session of a tree, folded from the entries that carry its id.
 *
 * The words of a child are forgotten when its run ends, so that a tree costs the memory of those who are at work: they are in the
 * journal, from where `load` brings them back.
 */
export class SessionState {
  readonly sessionId: string;
  /** How a child joined the tree; `undefined` for its root. */
  readonly joined: ChildStarted | undefined;
  readonly parent: SessionState | undefined;
  /** The run of the root in which it joined. */
  readonly joinedIn: string | undefined;
  readonly guidance: GuidanceQueue;
  readonly confirmations = new Confirmations();
  lastRun: LastRun | undefined;
  /** The number of the entry that its newest run began with; its first attempt, where there were more. */
  beganAt = 0;
  #words: Words | undefined;
  /** About how many bytes they take. */
  #wordsWeight = 0;

  constructor(sessionId: string, child?: Joining) {
    this.sessionId = sessionId;
    this.joinedIn = child?.inRun;
    this.joined = child?.joined;
    this.parent = child?.parent;
    this.guidance = new GuidanceQueue(sessionId);
    this.#begin(true);
  }

  /** 0 for the root. */
  get depth(): number {
    return this.parent === undefined ? 0 : this.parent.depth + 1;
  }

  /** Whether it works for this one, or for one that does. */
  isBelow(above: SessionState): boolean {
    return this.parent !== undefined && (this.parent === above || this.parent.isBelow(above));
  }

  /** About how many bytes its words take, and what its newest run came to, which stays. */
  get weight(): number {
    return this.#wordsWeight + (this.lastRun?.ended?.result?.text.length ?? 0);
  }

  /** Whether its newest run has no end: it is at work, or its process died. */
  get isOpen(): boolean {
    return this.lastRun !== undefined && this.lastRun.ended === undefined;
  }

  /** Whether its newest run can be gone on with: its process died, or it waits for a person. */
  get isUnfinished(): boolean {
    return this.isOpen || this.lastRun?.ended?.status === 'waiting';
  }

  /** Whether all its words are at hand. */
  get isLoaded(): boolean {
    return this.#words?.isWhole === true;
  }

  /** Of a child: once it is loaded, or as far as its newest run goes while that lasts. */
  get ledger(): Ledger {
    return this.#known.ledger;
  }

  get view(): View {
    return this.#known.view;
  }

  fold(entry: Entry, at: number, seq: number): void {
    if (entry.type === 'run_started' && this.#words === undefined) this.#begin(false);
    if (entry.type === 'run_started' && entry.run_id !== this.lastRun?.runId) this.beganAt = seq;
    this.guidance.fold(entry, at);
    this.confirmations.fold(entry);
    this.lastRun = foldRun(this.lastRun, entry, at);
    if (this.#words === undefined) return;
    this.#words.ledger.fold(entry, at, seq);
    this.#wordsWeight += weightOf(entry);
    if (entry.type === 'run_ended' && entry.status !== 'waiting' && this.parent !== undefined) this.#forget();
  }

  /** A descendant has spent something: its run spends it too. */
  foldSpent(entry: Entry): void {
    this.lastRun = foldSpent(this.lastRun, entry);
  }

  /** Brings back its words from all the records of the journal. */
  load(records: readonly JournalRecord[]): void {
    const ledger = readLedger(this.sessionId, records, this.guidance);
    this.#words = { ledger, view: new View(ledger), isWhole: true };
    this.#wordsWeight = weightOfLedger(ledger);
  }

  get #known(): Words {
    if (this.#words === undefined) throw new Error(`The words of session "${this.sessionId}" have not been loaded.`);
    return this.#words;
  }

  #begin(isWhole: boolean): void {
    const ledger = new Ledger(this.sessionId, this.guidance);
    this.#words = { ledger, view: new View(ledger), isWhole };
  }

  #forget(): void {
    this.#words = undefined;
    this.#wordsWeight = 0;
  }
}
