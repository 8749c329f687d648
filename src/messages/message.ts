import type { ToolCall, ToolCallPiece } from './tool-call.ts';

export type Role = 'user' | 'assistant' | 'tool' | 'system';

/** OpenAI's multimodal parts; parts of other kinds are passed through as they are. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail?: string } }
  | { readonly type: 'input_audio'; readonly input_audio: { readonly data: string; readonly format: string } }
  | { readonly type: string; readonly [key: string]: unknown };

export type Content = string | readonly ContentPart[];

/** What kind of thing a message tells. The values are Sage's, but for `confirmation`; `codec.ts` reads its legacy ones too. */
export const messageTypes = [
  'user_input',
  'assistant_text',
  'do_subtask_result',
  'final_answer',
  'task_analysis',
  'planning',
  'execution',
  'observation',
  'task_completion_judge',
  'rewrite',
  'stage_summary',
  'guide',
  'handoff_agent',
  'memory_extraction',
  'system',
  'reasoning_content',
  'thinking',
  'tool_call',
  'tool_call_result',
  'tool_progress',
  'confirmation',
  'query_suggest',
  'system_triggered_run',
  'skill_select_result',
  'skill_exec_plan',
  'skill_exec_tool_call',
  'skill_exec_tool_call_result',
  'skill_exec_result',
  'skill_observation',
  'error',
  'agent_execution_error',
  'chunk',
  'empty',
  'token_usage',
  'loop_break',
] as const;

export type MessageType = (typeof messageTypes)[number];

/** Why a streamed message ends before its model said it was done. */
export type Incomplete = 'aborted' | 'deadline' | 'stream-cut' | 'crashed' | 'length';

export type Metadata = Readonly<Record<string, unknown>>;

export interface ErrorInfo {
  readonly code: string;
  readonly message: string;
}

/** What a streamed message is, besides its text: fixed by its first piece. */
export interface MessageHeader {
  readonly role: Role;
  readonly message_id: string;
  readonly session_id: string;
  readonly agent_name?: string;
}

/** What one delta adds to a streamed message. */
export interface Piece {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCallPiece[];
}

/**
 * The one thing that flows, is stored, and is sent: a whole message, or a piece of a streamed one.
 *
 * Pieces of one message share `message_id`; `content`, `reasoning_content` and the arguments of `tool_calls` are what the
 * piece adds. `timestamp` is in Unix seconds and never used for order; `seq` is the chunk's number in its root
 * session's journal and gives the order.
 */
export interface MessageChunk extends MessageHeader {
  readonly content?: Content | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCallPiece[];
  readonly tool_call_id?: string;
  /** `<message_id>-<n>`, n counting the message's pieces from 0. */
  readonly chunk_id: string;
  readonly timestamp: number;
  readonly message_type: MessageType;
  /** True on every piece of a streamed message, false on a whole one. */
  readonly is_chunk: boolean;
  /** True on a whole message and on the last piece of a streamed one. */
  readonly is_final: boolean;
  readonly metadata?: Metadata;
  readonly error_info?: ErrorInfo;
  readonly seq: number;
}

/** A message as the ledger holds it: its pieces folded. `seq` is that of its last piece. */
export interface Message extends MessageHeader {
  readonly content: Content | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
  readonly timestamp: number;
  readonly message_type: MessageType;
  readonly metadata?: Metadata;
  readonly error_info?: ErrorInfo;
  readonly seq: number;
}

/** The text of a chunk or message: its content without the parts that are not text. */
export function textOf(message: { readonly content?: Content | null }): string {
  const { content } = message;
  if (typeof content === 'string') return content;
  if (content == null) return '';
  return content.map((part) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join('');
}
