import { SageError } from '../errors.ts';
import type { MessageChunk } from '../messages/message.ts';
import { spanOf } from '../session/entry.ts';
import { Expander } from '../session/expand.ts';
import { ownerOf } from '../session/own-entries.ts';
import type { SessionStore, StoreCursor } from '../session/session-store.ts';
import { foldRun, type LastRun } from '../session/status.ts';
import { notFound } from './start-run.ts';

export interface FollowOptions {
  /** The `seq` of the last chunk the reader has. Default 0: from the beginning. */
  readonly afterSeq?: number;
  /** Aborting it ends the following, and nothing else. */
  readonly signal?: AbortSignal;
}

/**
 * Every visible chunk after the cursor, input messages included, then live ones as they are stored, by whatever process.
 *
 * The root shows all its tree, a child itself. It reads the journal itself, so a slow reader costs no memory and readers cannot disturb each other or the run. Ends when no
 * run of the tree is running: at once at rest, and when its owner is found dead.
 *
 * @throws {SageError} `session-not-found`, `cursor-expired` for a cursor beyond what is stored: begin again from the messages.
 */
export async function* followSession(
  store: SessionStore,
  { rootId, sessionId }: { readonly rootId: string; readonly sessionId: string },
  { afterSeq = 0, signal }: FollowOptions = {},
): AsyncGenerator<MessageChunk[], void> {
  let expander = new Expander(rootId);
  let cursor: StoreCursor | undefined;
  let lastRun: LastRun | undefined;
  let seen = afterSeq;
  let nextSeq = 1;
  const mayShow = ({ session_id }: MessageChunk) => rootId === sessionId || session_id === sessionId;
  for (;;) {
    if (signal?.aborted) return;
    // Asked before reading: what a dead owner wrote last is read after it is known to be dead.
    const { state } = await store.owner(rootId);
    const read = await store.read(rootId, cursor);
    if (read === undefined) throw notFound(sessionId);
    if (read.fromStart) expander = new Expander(rootId);
    for (const record of read.records) {
      nextSeq = record.seq;
      for (const entry of record.entries) {
        if (ownerOf(entry) === undefined) lastRun = foldRun(lastRun, entry, record.at);
        nextSeq += spanOf(entry);
      }
      const chunks = expander.expand(record).filter((chunk) => chunk.seq > seen && mayShow(chunk));
      if (chunks.length === 0) continue;
      seen = chunks.at(-1)?.seq ?? seen;
      yield chunks;
      if (signal?.aborted) return;
    }
    cursor = read.cursor;
    if (afterSeq >= nextSeq) throw beyondTheEnd(sessionId, afterSeq, nextSeq - 1);
    const isRunning = lastRun !== undefined && lastRun.ended === undefined && state === 'live';
    if (!isRunning && read.records.length === 0) return;
    if (isRunning) await store.changed(rootId, cursor, signal);
  }
}

function beyondTheEnd(sessionId: string, afterSeq: number, lastSeq: number): SageError {
  const message = `Session "${sessionId}" is stored up to ${lastSeq}, so nothing can follow ${afterSeq}: the cursor is of another journal. Begin again from getMessages.`;
  return new SageError('cursor-expired', message, { sessionId, afterSeq });
}
