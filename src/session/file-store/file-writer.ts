import { SageError } from '../../errors.ts';
import type { JournalRecord, ReadResult, SessionWriter, StoreCursor } from '../session-store.ts';
import type { AppendLog } from './append-log.ts';
import { encodeLine } from './record-line.ts';
import { asStoreWork, toStoreError } from './store-error.ts';
import type { LogSync } from './sync-queue.ts';

/** The one writer of a session folder, made by `openWriter`. */
export class FileWriter implements SessionWriter {
  readonly epoch: number;
  readonly stored: ReadResult;
  readonly #sessionId: string;
  readonly #log: AppendLog;
  readonly #syncs: LogSync;
  readonly #addChildren: (sessionIds: readonly string[]) => Promise<void>;
  readonly #onAppend: () => void;
  readonly #onClose: () => void;
  #closing: Promise<void> | undefined;

  constructor(
    sessionId: string,
    options: {
      readonly epoch: number;
      readonly stored: ReadResult;
      readonly log: AppendLog;
      readonly syncs: LogSync;
      readonly addChildren: (sessionIds: readonly string[]) => Promise<void>;
      readonly onAppend: () => void;
      /** Called once, when nothing more is written. */
      readonly onClose: () => void;
    },
  ) {
    this.#sessionId = sessionId;
    this.epoch = options.epoch;
    this.stored = options.stored;
    this.#log = options.log;
    this.#syncs = options.syncs;
    this.#addChildren = options.addChildren;
    this.#onAppend = options.onAppend;
    this.#onClose = options.onClose;
  }

  append(record: JournalRecord): void {
    this.#refuseIfClosed('append');
    this.#log.append(encodeLine(record));
    this.#onAppend();
  }

  async addChildren(sessionIds: readonly string[]): Promise<void> {
    this.#refuseIfClosed('append');
    try {
      await this.#addChildren(sessionIds);
    } catch (error) {
      throw toStoreError(this.#sessionId, 'append', error);
    }
  }

  async sync(): Promise<void> {
    this.#refuseIfClosed('sync');
    await this.#syncs.request();
  }

  cursor(): StoreCursor {
    return this.#log.cursor();
  }

  /** Waits for the syncs under way. The name of a new journal is durable after it: the next writer will not sync it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#syncs.idle();
    if (this.#log.hasNewName) await Promise.allSettled([this.#syncs.request()]);
    asStoreWork(this.#sessionId, 'close', () => {
      this.#log.close();
      this.#onClose();
    });
  }

  #refuseIfClosed(operation: string): void {
    if (this.#closing === undefined) return;
    const message = `Session "${this.#sessionId}" was closed by its writer. Open it again to write to it.`;
    throw new SageError('store-failed', message, { sessionId: this.#sessionId, operation });
  }
}
