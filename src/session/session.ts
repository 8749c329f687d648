import type { MessageDraft } from '../messages/assemble.ts';
import type { MessageChunk, Metadata, Piece } from '../messages/message.ts';
import type { Confirmations } from './confirmations.ts';
import {
  toCompact,
  type CallKey,
  type ModelCalled,
  type Entry,
  type StoredMessage,
  type StreamHeader,
} from './entry.ts';
import type { GuidanceQueue } from './guidance-queue.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import { ownedBy } from './own-entries.ts';
import type { SessionState } from './session-state.ts';
import type { Trace } from './trace.ts';

/** Values that outlive a run: journalled, and folded back when the session opens. */
interface KeptValues {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** A message on its way into the session, which gives it an id if it has none. */
export type AddedMessage = Omit<StoredMessage, 'message_id'> & { readonly message_id?: string };

export interface SessionRunIds {
  readonly runId: string;
  /** Of messages. */
  readonly createId: () => string;
}

/** Thrown at what was deaf to the end of its run, and wants to add something after it. */
export class SessionOver extends DOMException {
  constructor() {
    super('The run is over: nothing more is taken.', 'AbortError');
  }
}

/**
 * The session as the agents of a run see it: they add to it, and read it back as the model's history. Everything it returns
 * as chunks is stored already.
 */
export class Session {
  readonly id: string;
  readonly runId: string;
  readonly createId: () => string;
  readonly #journal: Journal;
  readonly #state: SessionState;
  readonly #deferred: Entry[] = [];
  #isOver = false;

  /** `state` is one of the journal's. */
  constructor(journal: Journal, state: SessionState, { runId, createId }: SessionRunIds) {
    this.id = state.sessionId;
    this.runId = runId;
    this.createId = createId;
    this.#journal = journal;
    this.#state = state;
  }

  get ledger(): Ledger {
    return this.#state.ledger;
  }

  /** What was injected, and no model call has taken yet. */
  get guidance(): GuidanceQueue {
    return this.#state.guidance;
  }

  /** What people were asked of, in its newest run. */
  get confirmations(): Confirmations {
    return this.#state.confirmations;
  }

  /** The newest reply that the agent of this node has had in this run; what came of it is in the ledger. */
  replyOf(node: string): string | undefined {
    const { replies, helperReplies } = this.#state.lastRun ?? {};
    return replies?.get(node) ?? helperReplies?.get(node);
  }

  /** The number of the entry that its run began with. */
  get beganAt(): number {
    return this.#state.beganAt;
  }

  /** How the run has gone through its flow. */
  get trace(): Trace | undefined {
    return this.#state.lastRun?.trace;
  }

  /** The number of the next entry that is appended. */
  get nextSeq(): number {
    return this.#journal.state.nextSeq + this.#deferred.length;
  }

  /** To be stored in front of what is appended next, in one record with it: entries that take one number each. */
  defer(entry: Entry): void {
    this.#deferred.push(entry);
  }

  /** Stores what was deferred, if nothing has come since. */
  flush(): void {
    if (this.#deferred.length > 0) this.append([]);
  }

  /** The history as the next request carries it: one JSON text a message. */
  history(): readonly string[] {
    return this.#state.view.fragments();
  }

  /** @throws {SageError} `session-lost`, `store-failed`. @throws {SessionOver} */
  append(entries: readonly Entry[]): MessageChunk[] {
    if (this.#isOver) throw new SessionOver();
    const all = this.#deferred.length === 0 ? entries : [...this.#deferred.splice(0), ...entries];
    return this.#journal.append(this.#state.parent === undefined ? all : all.map((entry) => ownedBy(this.id, entry)));
  }

  add(message: AddedMessage, extra: { readonly call?: CallKey; readonly context?: string } = {}): MessageChunk[] {
    const { message_id = this.createId() } = message;
    return this.append([{ type: 'message', message: { ...message, message_id }, ...extra }]);
  }

  /** A message whose pieces will come one after the other. Nothing is stored before its first piece. */
  startMessage(header: Omit<StreamHeader, 'message_id'>): MessageStream {
    return new MessageStream(this, { ...header, message_id: this.createId() });
  }

  /**
   * What goes before every acting model call: pending guidance becomes user messages, in order, and the call is counted. Never
   * between a tool call and its results.
   */
  beginModelCall(call: Omit<ModelCalled, 'type'>): MessageChunk[] {
    return this.append([...this.guidance.drain(this.createId), { type: 'model_called', ...call }]);
  }

  /** Pending guidance becomes user messages without a call being counted: for whoever decides what is done next. */
  takeGuidance(): MessageChunk[] {
    return this.append(this.guidance.drain(this.createId));
  }

  /** Values tools keep for this session. */
  readonly toolState: KeptValues = {
    get: (key) => this.ledger.state.get(key),
    set: (key, value) => void this.append([{ type: 'state', key, value }]),
  };

  /** Values the agents of this run keep for it; the next run begins without them. */
  readonly runState: KeptValues = {
    get: (key) => this.#state.lastRun?.state.get(key),
    set: (key, value) => void this.append([{ type: 'run_state', key, value }]),
  };

  /** The run is over: what was deaf to its end can add nothing any more. */
  end(): void {
    this.#isOver = true;
  }

  /** Makes these ids known as children of its tree. */
  addChildren(sessionIds: readonly string[]): Promise<void> {
    return this.#journal.addChildren(sessionIds);
  }

  sync(): Promise<void> {
    return this.#journal.sync();
  }
}

/** A streamed message: `add` its pieces, then `close` it. */
export class MessageStream {
  readonly messageId: string;
  readonly #session: Session;
  readonly #header: StreamHeader;
  /** The `seq` of its first piece. */
  #handle: number | undefined;

  constructor(session: Session, header: StreamHeader) {
    this.messageId = header.message_id;
    this.#session = session;
    this.#header = header;
  }

  /** The message as far as it has come. */
  get draft(): MessageDraft | undefined {
    return this.#handle === undefined ? undefined : this.#session.ledger.drafts.get(this.#handle)?.draft;
  }

  add(pieces: readonly Piece[]): MessageChunk[] {
    if (pieces.length === 0) return [];
    const compact = pieces.map(toCompact);
    if (this.#handle !== undefined)
      return this.#session.append([{ type: 'pieces', of: this.#handle, pieces: compact }]);
    this.#handle = this.#session.nextSeq;
    return this.#session.append([{ type: 'pieces', header: this.#header, pieces: compact }]);
  }

  /** The entry that closes it; none for a message that never got a piece. */
  closing(metadata?: Metadata): Entry[] {
    if (this.#handle === undefined) return [];
    return [{ type: 'closed', of: this.#handle, ...(metadata === undefined ? {} : { metadata }) }];
  }
}
