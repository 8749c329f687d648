import type { Content, Message, MessageHeader, MessageType, Metadata, Piece } from '../messages/message.ts';
import type { WireUsage } from '../messages/usage.ts';

/**
 * What the journal says happened. Each entry takes one number of the journal's `seq`, `pieces` takes one a piece.
 *
 * A tree of sessions shares its root's journal: an entry that belongs to a child carries the child's `session_id`, a message in
 * itself, a streamed message in its header. See `own-entries.ts`.
 */
export type Entry =
  | JournalStarted
  | ChildStarted
  | RunStarted
  | RunEnded
  | MessageAdded
  | MessageReplaced
  | PiecesAdded
  | MessageClosed
  | CallsIntended
  | CallSettled
  | CallShown
  | ConfirmationRequested
  | ConfirmationClosed
  | GuidanceQueued
  | GuidanceUpdated
  | GuidanceDeleted
  | StateSet
  | ModelCalled
  | ModelUsed
  | PrefixChanged
  | NodeEntered
  | NodeLeft
  | HookRan
  | RunStateSet;

export const journalFormat = 1;

/** Always the first entry. */
export interface JournalStarted {
  readonly type: 'journal';
  readonly format: typeof journalFormat;
  readonly session_id: string;
  readonly tenant_id?: string;
  readonly user_id?: string;
}

/** A child joins the tree. */
export interface ChildStarted {
  readonly type: 'child_started';
  readonly session_id: string;
  /** The session that delegates to it. */
  readonly parent_id: string;
  /** What it works as, for good. */
  readonly agent_id: string;
  /** Missing in older journals. */
  readonly agent_name?: string;
}

export interface RunStarted {
  readonly type: 'run_started';
  readonly run_id: string;
  /** Of a child: the call of its parent that it works for. */
  readonly call?: CallKey;
  readonly agent_mode: string;
  /** What a tag or an option asked for. */
  readonly thinking_level?: string;
  /** What else was asked of it. */
  readonly enable_plan?: true;
  readonly more_suggest?: true;
  readonly force_summary?: true;
  /** Hash of the flow; a crashed run is only continued on the same. */
  readonly flow: string;
  /** How many times this run has been started: 1, and one more after each crash. */
  readonly attempt: number;
  /** Hashes of what every request of the run begins with. */
  readonly prefix: Prefix;
  readonly session_id?: string;
}

export interface Prefix {
  readonly system: string;
  readonly tools: string;
}

export interface RunEnded {
  readonly type: 'run_ended';
  readonly run_id: string;
  readonly status: 'completed' | 'waiting' | 'interrupted' | 'failed';
  readonly reason: string;
  readonly phase: string;
  /** What whoever interrupted it said about it. */
  readonly note?: string;
  /** Of a child: what its parent is told of it, so that a delegation that is continued need not ask again. */
  readonly result?: ChildResult;
  readonly session_id?: string;
}

/** What a child's work came to. Anything but `completed` is no success. */
export interface ChildResult {
  readonly status: 'completed' | 'failed' | 'interrupted';
  /** The child's answer, as far as there is one. */
  readonly text: string;
  /** What went wrong, for the model to read. */
  readonly error?: string;
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

/** A message that says something else, in its old place: input that the host replaced, or, with nothing, a remark nobody has answered. */
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

export type StreamHeader = Omit<MessageHeader, 'session_id' | 'agent_name'> & {
  readonly session_id?: string;
  readonly agent_name: string;
  readonly tool_call_id?: string;
  /** Default: what the pieces show, text, reasoning or a tool call. */
  readonly message_type?: MessageType;
};

/** Text is a string, more arguments of a call are `[index, text]`, anything else is the piece itself. */
export type CompactPiece = string | readonly [index: number, text: string] | Piece;

export function toCompact(piece: Piece): CompactPiece {
  const { content, reasoning_content, tool_calls } = piece;
  if (reasoning_content !== undefined) return piece;
  if (tool_calls === undefined) return content ?? piece;
  const [call] = tool_calls;
  if (content !== undefined || tool_calls.length !== 1 || call === undefined) return piece;
  if (call.id !== undefined || call.function?.name !== undefined) return piece;
  return [call.index, call.function?.arguments ?? ''];
}

export function fromCompact(piece: CompactPiece): Piece {
  if (typeof piece === 'string') return { content: piece };
  return isArguments(piece) ? { tool_calls: [{ index: piece[0], function: { arguments: piece[1] } }] } : piece;
}

export function isArguments(piece: CompactPiece): piece is readonly [number, string] {
  return Array.isArray(piece);
}

/** How many numbers of `seq` an entry takes. */
export function spanOf(entry: Entry): number {
  return entry.type === 'pieces' ? entry.pieces.length : 1;
}

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
  /** Those of them that an earlier attempt had started: they are not counted again. */
  readonly again?: readonly number[];
  /** By the place of a call that delegates, the sessions it will work in: fixed before they are begun. */
  readonly children?: Readonly<Record<string, readonly string[]>>;
  readonly session_id?: string;
}

/** A call ended before an earlier one of its message: its result is kept until its turn to be shown comes. */
export interface CallSettled {
  readonly type: 'settled';
  readonly call: CallKey;
  readonly message: StoredMessage;
}

/** The turn of a settled call has come: its message is added here. */
export interface CallShown {
  readonly type: 'shown';
  readonly call: CallKey;
  readonly session_id?: string;
}

/** A call waits for the word of a person. */
export interface ConfirmationRequested {
  readonly type: 'confirmation_requested';
  readonly confirmation_id: string;
  readonly call: CallKey;
  /** `approval`: may it run? `question`: the call itself asks something. */
  readonly kind: 'approval' | 'question';
  readonly tool: string;
  /** As they are shown, and read when it is run: JSON of which the tool's schema makes what was checked. */
  readonly arguments: unknown;
  /** SHA-256 over the session, the call, its tool and its arguments. */
  readonly digest: string;
  /** The same of what the tool's schema has made of the arguments. Earlier versions have not stored it. */
  readonly checked_digest?: string;
  /** The tool as it was then: what `allow-session` is said to. */
  readonly grant: string;
  /** Why it is asked, for people. */
  readonly reason: string;
  /** Unix seconds. */
  readonly expires_at: number;
  readonly session_id?: string;
}

/** What came of it. */
export interface ConfirmationClosed {
  readonly type: 'confirmation_closed';
  readonly confirmation_id: string;
  /** `expired`: nobody answered in time. `dropped`: the call was given up. */
  readonly decision: ConfirmationDecision | 'expired' | 'dropped';
  /** What is to be run instead of what was asked for. */
  readonly arguments?: unknown;
  /** As the confirmation's own, over the arguments that are run instead. */
  readonly digest?: string;
  /** To a question. */
  readonly answer?: unknown;
  /** Who answered, as the host names people. */
  readonly by?: string;
  readonly session_id?: string;
}

export type ConfirmationDecision = 'allow-once' | 'allow-session' | 'deny';

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

/** A model call begins. Acting ones are counted against `maxLoopCount`. */
export interface ModelCalled {
  readonly type: 'model_called';
  readonly model: string;
  /** The path of the node whose agent makes it. */
  readonly node: string;
  /** The reply's. */
  readonly message_id: string;
  /** A call an agent makes for itself, or to sum up: it is no step. */
  readonly helper?: true;
  readonly session_id?: string;
}

/** The figures of the call before, as the provider sent them. */
export interface ModelUsed {
  readonly type: 'model_used';
  readonly usage: WireUsage;
  readonly session_id?: string;
}

/** The next request will not begin with the bytes of the one before. */
export interface PrefixChanged {
  readonly type: 'prefix_changed';
  readonly cause: 'system' | 'tools' | 'replaced-message';
  readonly session_id?: string;
}

/** The trace: which node of the flow the run is in. `path` leads there from the root, with loop turns: `root/steps/0/body/2`. */
export interface NodeEntered {
  readonly type: 'node_entered';
  readonly path: string;
  readonly node_type: string;
  readonly agent_key?: string;
  /** Of an `if` or `switch`: the name of the child it takes, as in a path, or `none`. */
  readonly decision?: string;
  readonly session_id?: string;
}

export interface NodeLeft {
  readonly type: 'node_left';
  readonly path: string;
  readonly outcome: string;
  /** `max_loops`: a loop has used up its turns. */
  readonly note?: string;
  readonly session_id?: string;
}

/** A hook of the host was called, and what it came to. */
export interface HookRan {
  readonly type: 'hook_ran';
  readonly hook: string;
  /** The node it was called in. */
  readonly path: string;
  readonly outcome: 'passed' | 'said' | 'failed';
  readonly action?: string;
  readonly reason?: string;
  readonly session_id?: string;
}

/** A value an agent keeps for its run: conditions and switches read it. Without one it is forgotten. */
export interface RunStateSet {
  readonly type: 'run_state';
  readonly key: string;
  readonly value?: unknown;
  readonly session_id?: string;
}
