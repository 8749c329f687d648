import { SageError } from '../errors.ts';
import { journalFormat, spanOf, type ChildStarted, type Entry, type JournalStarted } from './entry.ts';
import type { Ledger } from './ledger.ts';
import { ownerOf } from './own-entries.ts';
import { SessionState } from './session-state.ts';
import type { JournalRecord } from './session-store.ts';
import type { LastRun } from './status.ts';
import type { View } from './view.ts';

/** About how many bytes a child takes whose words are forgotten, its result aside: `bench/fibre.ts` measures it. */
const childWeight = 16_000;

/** Everything a journal says of a tree of sessions, folded. Records must come in order; a gap is damage. */
export class JournalState {
  /** The root's. */
  readonly sessionId: string;
  readonly root: SessionState;
  started: JournalStarted | undefined;
  nextSeq = 1;
  /** The sessions that calls have been given to work in: also those that a crash has kept from joining. */
  readonly named = new Set<string>();
  readonly #children = new Map<string, SessionState>();
  /** Whose message is being streamed, by the number of its first piece; those of the root are not in it. */
  readonly #streams = new Map<number, SessionState>();

  constructor(sessionId: string) {
    this.sessionId = sessionId;
    this.root = new SessionState(sessionId);
  }

  /** The root session's words. */
  get ledger(): Ledger {
    return this.root.ledger;
  }

  get view(): View {
    return this.root.view;
  }

  /** The root's newest run. */
  get lastRun(): LastRun | undefined {
    return this.root.lastRun;
  }

  /** In the order they joined. */
  get children(): readonly SessionState[] {
    return [...this.#children.values()];
  }

  /** The root or one of its descendants. */
  session(sessionId: string): SessionState | undefined {
    return sessionId === this.sessionId ? this.root : this.#children.get(sessionId);
  }

  /** About how many bytes of memory it holds. */
  get weight(): number {
    let weight = this.root.weight;
    for (const child of this.#children.values()) weight += childWeight + child.weight;
    return weight;
  }

  fold({ seq, at, entries }: JournalRecord): void {
    if (seq !== this.nextSeq) throw gap(this.sessionId, this.nextSeq, seq);
    for (const entry of entries) {
      if (entry.type === 'journal') this.#start(entry);
      if (entry.type === 'child_started') this.#join(entry);
      if (entry.type === 'intents') for (const ids of Object.values(entry.children ?? {})) this.#name(ids);
      const session = this.#sessionOf(entry);
      session.fold(entry, at, this.nextSeq);
      for (let above = session.parent; above !== undefined; above = above.parent) above.foldSpent(entry);
      this.nextSeq += spanOf(entry);
    }
  }

  #start(entry: JournalStarted): void {
    if (entry.format === journalFormat) {
      this.started = entry;
      return;
    }
    throw new SageError(
      'store-failed',
      `Session "${this.sessionId}" is stored in format ${String(entry.format)}; this one reads format ${String(journalFormat)}. Use the version that wrote it.`,
      { sessionId: this.sessionId, operation: 'read' },
    );
  }

  #name(ids: readonly string[]): void {
    for (const id of ids) this.named.add(id);
  }

  #join(joined: ChildStarted): void {
    const parent = this.#known(joined.parent_id);
    const inRun = this.root.lastRun?.runId;
    this.#children.set(joined.session_id, new SessionState(joined.session_id, { joined, parent, inRun }));
  }

  #sessionOf(entry: Entry): SessionState {
    if ('of' in entry) {
      const session = this.#streams.get(entry.of);
      if (session !== undefined && entry.type === 'closed') this.#streams.delete(entry.of);
      return session ?? this.root;
    }
    const owner = ownerOf(entry);
    if (owner === undefined) return this.root;
    const session = this.#known(owner);
    if (entry.type === 'pieces') this.#streams.set(this.nextSeq, session);
    return session;
  }

  #known(sessionId: string): SessionState {
    const session = this.session(sessionId);
    if (session !== undefined) return session;
    throw damaged(this.sessionId, `names session "${sessionId}" at ${this.nextSeq}, which never joined it`);
  }
}

function gap(sessionId: string, expected: number, found: number): SageError {
  return damaged(sessionId, `goes from entry ${expected - 1} to ${found}: a line is missing or doubled`);
}

function damaged(sessionId: string, what: string): SageError {
  const message = `The journal of session "${sessionId}" ${what}. Nothing was changed; restore the file from a copy.`;
  return new SageError('journal-damaged', message, { sessionId, offset: 0 });
}
