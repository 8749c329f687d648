import type { MessageChunk } from '../messages/message.ts';
import type { Entry } from './entry.ts';
import { Expander } from './expand.ts';
import type { JournalState } from './journal-state.ts';
import type { Ledger } from './ledger.ts';
import type { SessionWriter } from './session-store.ts';

/**
 * The open journal of one run: the only place where something is stored, numbered and seen.
 *
 * `append` is one synchronous act: write, fence, fold, show. What it shows is taken by the run with `takeShown`, in the
 * order it was stored, whatever order the agents of the run are read in.
 */
export class Journal implements AsyncDisposable {
  readonly state: JournalState;
  readonly #writer: SessionWriter;
  readonly #expander: Expander;
  readonly #clock: () => number;
  #shown: MessageChunk[][] = [];

  /** `clock` gives milliseconds since 1970. */
  constructor(writer: SessionWriter, state: JournalState, clock: () => number) {
    this.#writer = writer;
    this.state = state;
    this.#clock = clock;
    this.#expander = new Expander(state.sessionId, openLedgers(state));
  }

  /**
   * Stores the entries as one record and gives the chunks they show to clients.
   *
   * @throws {SageError} `session-lost`, `store-failed`; every later call throws the same.
   */
  append(entries: readonly Entry[]): MessageChunk[] {
    if (entries.length === 0) return [];
    const record = { seq: this.state.nextSeq, at: this.#clock() / 1000, entries };
    this.#writer.append(record);
    this.state.fold(record);
    const chunks = this.#expander.expand(record);
    if (chunks.length > 0) this.#shown.push(chunks);
    return chunks;
  }

  /** What has been shown since the last call. */
  takeShown(): MessageChunk[] {
    const shown = this.#shown;
    if (shown.length === 0) return [];
    this.#shown = [];
    return shown.length === 1 ? (shown[0] as MessageChunk[]) : shown.flat();
  }

  /** Has the store find these ids as children of this tree. */
  addChildren(sessionIds: readonly string[]): Promise<void> {
    return this.#writer.addChildren(sessionIds);
  }

  /** Resolves when all appended so far survives a loss of power. */
  sync(): Promise<void> {
    return this.#writer.sync();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Of the root, and of the children whose runs a crash has left open. */
function openLedgers({ root, children }: JournalState): Ledger[] {
  return [root, ...children.filter(({ isOpen }) => isOpen)].map(({ ledger }) => ledger);
}
