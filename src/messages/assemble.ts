import type { Message, MessageChunk, MessageType, Piece } from './message.ts';
import type { ToolCall, ToolCallPiece } from './tool-call.ts';

interface CallDraft {
  id: string;
  name: string;
  arguments: string;
}

/** A streamed message while its pieces come in: the one place where pieces become a message. */
export class MessageDraft {
  content = '';
  reasoning = '';
  readonly calls: CallDraft[] = [];
  /** How many pieces it took. */
  pieces = 0;
  /** What its newest piece shows. */
  lastShown: MessageType = 'assistant_text';

  add(piece: Piece): void {
    this.pieces += 1;
    this.lastShown = shownType(piece);
    if (piece.content) this.content += piece.content;
    if (piece.reasoning_content) this.reasoning += piece.reasoning_content;
    if (piece.tool_calls) for (const call of piece.tool_calls) this.#addToCall(call);
  }

  /** The common pieces, without a piece being made for them. */
  addText(text: string): void {
    this.pieces += 1;
    this.lastShown = 'assistant_text';
    this.content += text;
  }

  addArguments(index: number, text: string): void {
    this.pieces += 1;
    this.lastShown = 'tool_call';
    this.#callAt(index).arguments += text;
  }

  toolCalls(): ToolCall[] {
    return this.calls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    }));
  }

  #addToCall(piece: ToolCallPiece): void {
    const call = this.#callAt(piece.index);
    if (piece.id) call.id = piece.id;
    if (piece.function?.name) call.name = piece.function.name;
    if (piece.function?.arguments) call.arguments += piece.function.arguments;
  }

  #callAt(index: number): CallDraft {
    while (this.calls.length <= index) this.calls.push({ id: '', name: '', arguments: '' });
    return this.calls[index] as CallDraft;
  }
}

/** What pieces show where their message has no type of its own: each piece by itself, and the message as a whole. */
const shownTypes: readonly MessageType[] = ['tool_call', 'assistant_text', 'reasoning_content'];

/** What a streamed message shows: its calls, else its text, else its reasoning. */
export function shownType(shown: {
  readonly content?: unknown;
  readonly reasoning_content?: unknown;
  readonly tool_calls?: readonly unknown[];
}): 'tool_call' | 'assistant_text' | 'reasoning_content' {
  if (shown.tool_calls?.length) return 'tool_call';
  return shown.reasoning_content && !shown.content ? 'reasoning_content' : 'assistant_text';
}

/**
 * Folds chunks, as `runStream` or `followSession` yield them, into the messages they tell, in the order they began.
 *
 * Chunks of several messages may be mixed. A message whose last piece has not come yet is given as far as it is known.
 */
export function assembleMessages(chunks: Iterable<MessageChunk>): Message[] {
  const drafts = new Map<string, { draft: MessageDraft; chunk: MessageChunk }>();
  for (const chunk of chunks) {
    const known = drafts.get(chunk.message_id);
    const draft = known?.draft ?? new MessageDraft();
    if (chunk.is_chunk) draft.add(chunk as Piece);
    const timestamp = known?.chunk.timestamp ?? chunk.timestamp;
    drafts.set(chunk.message_id, { draft, chunk: { ...known?.chunk, ...chunk, timestamp } });
  }
  return [...drafts.values()].map(({ draft, chunk }) => (chunk.is_chunk ? fold(draft, chunk) : whole(chunk)));
}

function fold(draft: MessageDraft, last: MessageChunk): Message {
  const {
    chunk_id: _id,
    is_chunk: _chunk,
    is_final: _final,
    tool_calls: _calls,
    reasoning_content: _r,
    ...rest
  } = last;
  const shown = {
    content: draft.content,
    ...(draft.reasoning === '' ? {} : { reasoning_content: draft.reasoning }),
    ...(draft.calls.length === 0 ? {} : { tool_calls: draft.toolCalls() }),
  };
  const message_type = shownTypes.includes(last.message_type) ? shownType(shown) : last.message_type;
  return { ...rest, ...shown, message_type };
}

function whole(chunk: MessageChunk): Message {
  const { chunk_id: _id, is_chunk: _chunk, is_final: _final, tool_calls, content, ...rest } = chunk;
  return {
    ...rest,
    content: content ?? null,
    ...(tool_calls === undefined ? {} : { tool_calls: tool_calls.map(wholeCall) }),
  };
}

/** A whole chunk carries whole calls, each with its place. */
function wholeCall({ index: _index, ...call }: ToolCallPiece): ToolCall {
  return call as ToolCall;
}
