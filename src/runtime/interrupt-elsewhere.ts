import { ownerOf } from '../session/own-entries.ts';
import type { SentMessage } from '../session/inbox-message.ts';
import type { SessionStore, StoreCursor } from '../session/session-store.ts';
import { foldRun, type LastRun } from '../session/status.ts';
import type { FoundSession } from './find-session.ts';

/**
 * Asks the process that runs a session to stop its run, and resolves when that run has ended, or its process has. False when
 * none is running.
 */
export async function interruptElsewhere(
  store: SessionStore,
  { rootId, session: { sessionId } }: FoundSession,
  reason: string | undefined,
): Promise<boolean> {
  const child = rootId === sessionId ? undefined : sessionId;
  let last: LastRun | undefined;
  let cursor: StoreCursor | undefined;
  let asked: { readonly runId: string; readonly message: SentMessage } | undefined;
  try {
    for (;;) {
      // Asked before reading: what a dead owner wrote last is read after it is known to be dead.
      const { state } = await store.owner(rootId);
      const read = await store.read(rootId, cursor);
      if (read?.fromStart) last = undefined;
      for (const { at, entries } of read?.records ?? []) {
        for (const entry of entries) if (ownerOf(entry) === child) last = foldRun(last, entry, at);
      }
      cursor = read?.cursor;

      const running = state === 'live' && last?.ended === undefined ? last?.runId : undefined;
      // Also where its owner has no run: it is about to begin another one, which nobody means, or to go.
      if (running === undefined || cursor === undefined) return asked !== undefined;
      if (asked !== undefined && running !== asked.runId) return true;
      if (asked === undefined) {
        const whom = child === undefined ? {} : { session_id: child };
        const message = {
          type: 'interrupt',
          ...whom,
          run_id: running,
          ...(reason === undefined ? {} : { reason }),
        } as const;
        asked = { runId: running, message: await store.send(rootId, message) };
      }
      await store.changed(rootId, cursor);
    }
  } finally {
    await asked?.message.withdraw();
  }
}
