import { spanOf } from '../../src/session/entry.ts';
import type { JournalRecord, ReadResult, SessionWriter, StoreCursor } from '../../src/session/session-store.ts';

/** A session's writer that keeps its records in memory, as JSON would bring them back. */
export class MemoryWriter implements SessionWriter {
  readonly epoch = 1;
  readonly records: JournalRecord[] = [];
  readonly stored: ReadResult;
  /** How many records were there at each sync. */
  readonly synced: number[] = [];
  readonly children: string[] = [];
  isClosed = false;
  /** What `append` throws, if anything: nothing is stored then. */
  failure: Error | undefined;

  constructor(stored: readonly JournalRecord[] = []) {
    this.records.push(...stored);
    this.stored = { records: [...stored], cursor: this.cursor(), fromStart: true };
  }

  append(record: JournalRecord): void {
    if (this.failure !== undefined) throw this.failure;
    this.records.push(JSON.parse(JSON.stringify(record)) as JournalRecord);
  }

  async sync(): Promise<void> {
    this.synced.push(this.records.length);
  }

  async addChildren(sessionIds: readonly string[]): Promise<void> {
    this.children.push(...sessionIds);
  }

  cursor(): StoreCursor {
    return { records: this.records.length };
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The numbers a record takes. */
export function numbersOf({ seq, entries }: JournalRecord): number[] {
  const span = entries.reduce((sum, entry) => sum + spanOf(entry), 0);
  return Array.from({ length: span }, (_, place) => seq + place);
}
