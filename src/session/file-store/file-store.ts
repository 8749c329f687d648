import { rmSync, statSync } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SageError } from '../../errors.ts';
import type { InboxMessage, SentMessage } from '../inbox-message.ts';
import type { ReadResult, SessionOwner, SessionStore, SessionWriter, StoreCursor } from '../session-store.ts';
import { nodeFiles, syncFolder, type LogFiles } from './append-log.ts';
import { ChangeWatch } from './change-watch.ts';
import { readChildFile } from './child-file.ts';
import { Inbox } from './inbox.ts';
import { lockPath, namesIn, readLock } from './lock-file.ts';
import { letGo, openWriter, type WriterDeps } from './open-writer.ts';
import { thisProcess, type ProcessIdentity } from './process-identity.ts';
import { readJournal, startOfNothing } from './read-journal.ts';
import { journalPath, removeFile, sessionFolder } from './session-folder.ts';
import { asStoreWork, hasCode, toStoreError } from './store-error.ts';
import { SyncQueue } from './sync-queue.ts';
import { takeLock } from './take-lock.ts';

export interface FileStoreOptions {
  /** Who the locks say their owner is. Default: this process. */
  readonly self?: ProcessIdentity;
  /** Default: `node:fs`. */
  readonly files?: LogFiles;
}

/**
 * Keeps each session in a folder of `root`, which is made when it is needed: `journal.jsonl` and the lock of its writer. A child
 * has a file there that names its root.
 * Many processes may use one root; closing the store closes its writers.
 */
export function createFileStore(root: string, options: FileStoreOptions = {}): SessionStore {
  return new FileStore(resolve(root), options.self ?? thisProcess(), options.files ?? nodeFiles);
}

class FileStore implements SessionStore {
  readonly #root: string;
  readonly #self: ProcessIdentity;
  readonly #writers = new Map<string, SessionWriter>();
  readonly #writerDeps: WriterDeps;
  readonly #watch: ChangeWatch;
  readonly #inbox: Inbox;
  #isClosed = false;

  constructor(root: string, self: ProcessIdentity, files: LogFiles) {
    this.#root = root;
    this.#self = self;
    this.#inbox = new Inbox(root);
    this.#watch = new ChangeWatch({
      journal: (sessionId) => statSync(this.#journal(sessionId), { throwIfNoEntry: false }) ?? startOfNothing,
      lock: (sessionId) => readLock(this.#folder(sessionId), self),
      isOurs: (sessionId) => this.#writers.has(sessionId),
    });
    const rootSync = new SyncQueue().forLog(() => syncFolder(root));
    this.#writerDeps = {
      self,
      files,
      syncQueue: new SyncQueue(),
      // In a line of its own: the syncs of logs wait for it.
      syncRoot: () => rootSync.request(),
      onAppend: (sessionId) => this.#watch.wake(sessionId),
      onClose: (sessionId, epoch) => {
        // One that lost its session may close after the next one of ours has opened.
        if (this.#writers.get(sessionId)?.epoch === epoch) this.#writers.delete(sessionId);
        this.#watch.wake(sessionId);
      },
    };
  }

  async open(
    sessionId: string,
    { create, cursor }: { readonly create: boolean; readonly cursor?: StoreCursor },
  ): Promise<SessionWriter> {
    this.#refuseIfClosed(sessionId, 'open');
    const folder = this.#folder(sessionId);
    const writer = asStoreWork(sessionId, 'open', () =>
      openWriter(sessionId, { folder, create, cursor }, this.#writerDeps),
    );
    this.#writers.set(sessionId, writer);
    this.#watch.wake(sessionId);
    return writer;
  }

  async read(sessionId: string, cursor?: StoreCursor): Promise<ReadResult | undefined> {
    const path = this.#journal(sessionId);
    const read = asStoreWork(sessionId, 'read', () => readJournal(path, sessionId, cursor));
    return read === undefined ? undefined : { records: read.records, cursor: read.cursor, fromStart: read.fromStart };
  }

  /** For a session that no living owner has, resolves within 100 ms in any case. */
  async changed(sessionId: string, cursor: StoreCursor, signal?: AbortSignal): Promise<void> {
    this.#refuseIfClosed(sessionId, 'watch');
    await asStoreWork(sessionId, 'watch', () => this.#watch.wait(sessionId, cursor, signal));
  }

  async owner(sessionId: string): Promise<SessionOwner> {
    const folder = this.#folder(sessionId);
    const { state, owner } = asStoreWork(sessionId, 'read', () => readLock(folder, this.#self));
    if (state === 'free') return { state: 'none' };
    return { state: state === 'live' ? 'live' : 'dead', owner };
  }

  async send(sessionId: string, message: InboxMessage): Promise<SentMessage> {
    this.#refuseIfClosed(sessionId, 'send');
    try {
      return await this.#inbox.send(sessionId, message);
    } catch (error) {
      throw toStoreError(sessionId, 'send', error);
    }
  }

  receive(sessionId: string, receive: (message: InboxMessage) => void): () => void {
    this.#refuseIfClosed(sessionId, 'receive');
    const mayTake = (): boolean => {
      const epoch = this.#writers.get(sessionId)?.epoch;
      return epoch === undefined || readLock(this.#folder(sessionId), this.#self).epoch === epoch;
    };
    return this.#inbox.receive(sessionId, { mayTake, receive });
  }

  async list(): Promise<readonly string[]> {
    const names = await readdir(this.#root).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw toStoreError('*', 'list', error);
    });
    const holdsJournal = await Promise.all(names.map((name) => exists(this.#journal(name))));
    return names.filter((_, index) => holdsJournal[index]);
  }

  async rootOf(sessionId: string): Promise<string | undefined> {
    const path = this.#folder(sessionId);
    return asStoreWork(sessionId, 'read', () => readChildFile(path));
  }

  async delete(sessionId: string, children: readonly string[] = []): Promise<boolean> {
    const folder = this.#folder(sessionId);
    const existed = asStoreWork(sessionId, 'delete', () => {
      const isDeleted = deleteFolder(folder, sessionId, this.#self);
      // Last: a name that leads nowhere is no session, and a session without the names of its children would be torn.
      if (isDeleted) for (const child of children) removeFile(this.#folder(child));
      return isDeleted;
    });
    if (existed) await syncFolder(this.#root);
    await this.#inbox.clear(sessionId);
    this.#watch.wake(sessionId);
    return existed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    } finally {
      this.#watch.close();
      this.#inbox.close();
    }
  }

  #folder(sessionId: string): string {
    return sessionFolder(this.#root, sessionId);
  }

  #journal(sessionId: string): string {
    return journalPath(this.#folder(sessionId));
  }

  #refuseIfClosed(sessionId: string, operation: string): void {
    if (!this.#isClosed) return;
    throw new SageError('store-failed', 'The file store was closed. Make another.', { sessionId, operation });
  }
}

/** The journal goes first: whatever is left of a deletion cut short is no session. */
function deleteFolder(folder: string, sessionId: string, self: ProcessIdentity): boolean {
  const lock = takeLock(folder, { sessionId, create: false, self });
  if (lock === undefined) return false;
  try {
    const journal = journalPath(folder);
    const existed = statSync(journal, { throwIfNoEntry: false }) !== undefined;
    rmSync(journal, { force: true });
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (path !== lockPath(folder, lock.epoch)) rmSync(path, { recursive: true, force: true });
    }
    return existed;
  } finally {
    letGo(lock, folder);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
