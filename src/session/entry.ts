import type { Content, Message, MessageHeader, MessageType, Metadata, Piece } from '../messages/message.ts';
import type { Usage } from '../messages/usage.ts';

/**
 * What the journal says happened. Each entry takes one number of the journal's `seq`, `pieces` takes one a piece.
 *
 * A tree of sessions shares its root's journal: an entry that belongs to a child carries the child's `session_id`.
 */
export type Entry =
  | JournalStarted
  | RunStarted
  | RunEnded
  | MessageAdded
  | MessageReplaced
  | PiecesAdded
  | MessageClosed
  | CallsIntended
  | CallSettled
  | GuidanceQueued
  | GuidanceUpdated
  | GuidanceDeleted
  | StateSet
  | ModelCalled
  | PrefixChanged
  | NodeEntered
  | NodeLeft;

export const journalFormat = 1;

/** Always the first entry. */
export interface JournalStarted {
  readonly type: 'journal';
  readonly format: typeof journalFormat;
  readonly session_id: string;
  readonly tenant_id?: string;
  readonly user_id?: string;
}

export interface RunStarted {
  readonly type: 'run_started';
  readonly run_id: string;
  readonly agent_mode: string;
  /** Hash of the flow; a crashed run is only continued on the same. */
  readonly flow: string;
  /** How many times this run has been started: 1, and one more after each crash. */
  readonly attempt: number;
}

export interface RunEnded {
  readonly type: 'run_ended';
  readonly run_id: string;
  readonly status: 'completed' | 'waiting' | 'interrupted' | 'failed';
  readonly reason: string;
  readonly phase: string;
  readonly usage: Usage;
}

/** A whole message. */
export interface MessageAdded {
  readonly type: 'message';
  readonly message: StoredMessage;
  /** The call this is the result of. */
  readonly call?: CallKey;
  /** The changing facts shown to the model before this message, rendered once. */
  readonly context?: string;
}

export type StoredMessage = Omit<Message, 'seq' | 'timestamp' | 'session_id'> & { readonly session_id?: string };

/** An input message whose content the host replaced, in its old place. */
export interface MessageReplaced {
  readonly type: 'replaced';
  readonly message_id: string;
  readonly content: Content;
  readonly session_id?: string;
}

/**
 * Pieces of a streamed message. The first of them carries the header; the later ones name the first by its `seq`.
 */
export type PiecesAdded =
  | { readonly type: 'pieces'; readonly header: StreamHeader; readonly pieces: readonly CompactPiece[] }
  | { readonly type: 'pieces'; readonly of: number; readonly pieces: readonly CompactPiece[] };

export type StreamHeader = Omit<MessageHeader, 'session_id'> & {
  readonly session_id?: string;
  readonly tool_call_id?: string;
  /** Default: what the pieces show, text, reasoning or a tool call. */
  readonly message_type?: MessageType;
};

/** Text is a string, more arguments of a call are `[index, text]`, anything else is the piece itself. */
export type CompactPiece = string | readonly [index: number, text: string] | Piece;

/** The closing piece of a streamed message. */
export interface MessageClosed {
  readonly type: 'closed';
  readonly of: number;
  readonly metadata?: Metadata;
}

/** A call is its message and its place in it: providers repeat call ids. */
export type CallKey = readonly [message_id: string, index: number];

/** These calls may start now. */
export interface CallsIntended {
  readonly type: 'intents';
  readonly message_id: string;
  readonly calls: readonly number[];
  readonly session_id?: string;
}

/** A call ended before an earlier one of its message: its result, kept until its turn to be shown comes. */
export interface CallSettled {
  readonly type: 'settled';
  readonly call: CallKey;
  readonly content: Content;
  readonly metadata: Metadata;
  readonly session_id?: string;
}

export interface GuidanceQueued {
  readonly type: 'guidance_queued';
  readonly guidance_id: string;
  readonly content: Content;
  readonly metadata?: Metadata;
  readonly session_id?: string;
}

export interface GuidanceUpdated {
  readonly type: 'guidance_updated';
  readonly guidance_id: string;
  readonly content: Content;
  readonly session_id?: string;
}

export interface GuidanceDeleted {
  readonly type: 'guidance_deleted';
  readonly guidance_id: string;
  readonly session_id?: string;
}

/** A value a tool keeps for its session. */
export interface StateSet {
  readonly type: 'state';
  readonly key: string;
  readonly value: unknown;
  readonly session_id?: string;
}

export interface ModelCalled {
  readonly type: 'model_called';
  readonly model: string;
  readonly usage: Usage;
  readonly session_id?: string;
}

/** The next request will not begin with the bytes of the one before. */
export interface PrefixChanged {
  readonly type: 'prefix_changed';
  readonly cause: 'system' | 'tools' | 'replaced-message';
  /** What the prefix is now: hashes of the system message and the tools. */
  readonly system: string;
  readonly tools: string;
  readonly session_id?: string;
}

/** The trace: which node of the flow the run is in. `path` counts steps, branches and loop turns from the root. */
export interface NodeEntered {
  readonly type: 'node_entered';
  readonly path: string;
  readonly node: string;
}

export interface NodeLeft {
  readonly type: 'node_left';
  readonly path: string;
  readonly outcome: string;
}
