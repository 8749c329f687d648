import { SageError } from '../errors.ts';
import { isArguments, journalFormat, spanOf, type CompactPiece, type Entry, type JournalStarted } from './entry.ts';
import { Ledger } from './ledger.ts';
import type { JournalRecord } from './session-store.ts';
import { foldRun, type LastRun } from './status.ts';
import { View } from './view.ts';

/** Everything a journal says, folded. Records must come in order; a gap is damage. */
export class JournalState {
  readonly sessionId: string;
  /** The root session's words. */
  readonly ledger: Ledger;
  readonly view: View;
  started: JournalStarted | undefined;
  lastRun: LastRun | undefined;
  nextSeq = 1;
  /** About how many bytes of memory it holds. */
  weight = 0;

  constructor(sessionId: string) {
    this.sessionId = sessionId;
    this.ledger = new Ledger(sessionId);
    this.view = new View(this.ledger);
  }

  fold({ seq, at, entries }: JournalRecord): void {
    if (seq !== this.nextSeq) throw gap(this.sessionId, this.nextSeq, seq);
    for (const entry of entries) {
      if (entry.type === 'journal') this.#start(entry);
      this.ledger.fold(entry, at, this.nextSeq);
      this.lastRun = foldRun(this.lastRun, entry, at);
      this.weight += weightOf(entry);
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
}

function gap(sessionId: string, expected: number, found: number): SageError {
  return new SageError(
    'journal-damaged',
    `The journal of session "${sessionId}" goes from entry ${expected - 1} to ${found}: a line is missing or doubled. Nothing was changed; restore the file from a copy.`,
    { sessionId, offset: 0 },
  );
}

function weightOf(entry: Entry): number {
  switch (entry.type) {
    case 'message':
    case 'settled':
      return 400 + textLength(entry.message.content);
    case 'pieces': {
      let weight = 0;
      for (const piece of entry.pieces) weight += weightOfPiece(piece);
      return weight;
    }
    case 'state':
      return JSON.stringify(entry.value)?.length ?? 0;
    default:
      return 100;
  }
}

function weightOfPiece(piece: CompactPiece): number {
  if (typeof piece === 'string') return piece.length;
  if (isArguments(piece)) return piece[1].length;
  return 100 + (piece.content?.length ?? 0) + (piece.reasoning_content?.length ?? 0);
}

/** Twice: the ledger holds the text, and the view renders it. */
function textLength(content: unknown): number {
  return typeof content === 'string' ? content.length * 2 : 1_000;
}
