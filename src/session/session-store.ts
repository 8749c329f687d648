import type { Entry } from './entry.ts';
import type { InboxMessage, SentMessage } from './inbox-message.ts';

/** One write: its entries are stored together or not at all. */
export interface JournalRecord {
  /** The number of its first entry. */
  readonly seq: number;
  /** Unix seconds: when the record was written. */
  readonly at: number;
  readonly entries: readonly Entry[];
}

/** How far a journal has been read. Only the store that gave it can read it. */
export interface StoreCursor {
  readonly [cursor: string]: unknown;
}

export interface ReadResult {
  readonly records: readonly JournalRecord[];
  /** Where to go on reading. */
  readonly cursor: StoreCursor;
  /** True when the records begin at the start: no cursor was given, or it no longer fits the journal. */
  readonly fromStart: boolean;
}

/** Who may be writing to a session. `owner` names it for a message to people. */
export type SessionOwner = { readonly state: 'none' } | { readonly state: 'live' | 'dead'; readonly owner: string };

/**
 * Where journals live. One writer a session, held by epoch; reading never locks. `testing/store-contract/store-contract.ts` is what every
 * store must pass.
 */
export interface SessionStore {
  /**
   * Takes the session for writing, and reads what is stored since `cursor` (or all of it). A torn tail that a dead writer left
   * is cut and kept aside.
   *
   * @throws {SageError} `session-busy` when a live writer has it, `session-not-found` when it does not exist and
   *   `create` is false, `journal-damaged`, `store-failed`.
   */
  open(sessionId: string, options: { readonly create: boolean; readonly cursor?: StoreCursor }): Promise<SessionWriter>;
  /** What is stored since `cursor`; `undefined` for an unknown session. An unfinished last record is "not yet". */
  read(sessionId: string, cursor?: StoreCursor): Promise<ReadResult | undefined>;
  /** Resolves when there may be something new after `cursor`, when the owner may have changed, or when `signal` aborts. */
  changed(sessionId: string, cursor: StoreCursor, signal?: AbortSignal): Promise<void>;
  owner(sessionId: string): Promise<SessionOwner>;
  /** Leaves a message for whoever runs the session, in whatever process. */
  send(sessionId: string, message: InboxMessage): Promise<SentMessage>;
  /**
   * For the owner of a session: hands over what is sent to it, each once at most and in the order its sender has sent it, until
   * the result is called. There is one receiver a session.
   */
  receive(sessionId: string, receive: (message: InboxMessage) => void): () => void;
  /** Every session id, in no order. Children are no sessions of their own. */
  list(): Promise<readonly string[]>;
  /** The root of a child's tree, in whose journal the child is; `undefined` for any other id. */
  rootOf(sessionId: string): Promise<string | undefined>;
  /** Takes the names of its `children` away too. False if unknown. @throws {SageError} `session-busy` while a live writer has it. */
  delete(sessionId: string, children?: readonly string[]): Promise<boolean>;
  close(): Promise<void>;
}

/** The one writer of a session, until `close`. */
export interface SessionWriter extends AsyncDisposable {
  readonly epoch: number;
  /** What `open` read. */
  readonly stored: ReadResult;
  /**
   * Stores a record: when this returns, a crash of this process cannot lose it.
   *
   * @throws {SageError} `session-lost` when another owner has taken over, `store-failed` when it could not be written
   *   whole; after either, every further call throws the same.
   */
  append(record: JournalRecord): void;
  /** Has `rootOf` find these ids as children of this session, also after a loss of power. Known ones stay as they are. */
  addChildren(sessionIds: readonly string[]): Promise<void>;
  /** Resolves when all appended so far survives a loss of power. */
  sync(): Promise<void>;
  /** Where a reader of all appended so far stands. */
  cursor(): StoreCursor;
  /** Lets the session go. May be called twice. */
  close(): Promise<void>;
}
