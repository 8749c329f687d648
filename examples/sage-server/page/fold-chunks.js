/**
 * A message as far as it has come.
 * @typedef {{ message_id: string, role: string, message_type: string, content: unknown, reasoning_content?: string,
 *   tool_calls?: ToolCall[], tool_call_id?: string, agent_name?: string, metadata?: Record<string, any>,
 *   error_info?: { code: string, message: string }, isOpen: boolean }} Message
 * @typedef {{ id: string, function: { name: string, arguments: string } }} ToolCall
 */

/** The words of one session: painted from a snapshot, then kept up by chunks. What it has seen it does not take again. */
export class Conversation {
  /** @type {Map<string, Message>} */
  messages = new Map();
  lastSeq = 0;

  /** @param {any[]} messages as they stand */
  constructor(messages = []) {
    for (const message of messages) {
      this.messages.set(message.message_id, { ...message, isOpen: false });
      this.lastSeq = Math.max(this.lastSeq, message.seq);
    }
  }

  /** @param {any} chunk @returns {boolean} whether it was new */
  fold(chunk) {
    if (chunk.seq <= this.lastSeq) return false;
    this.lastSeq = chunk.seq;
    if (chunk.is_chunk) this.#addPiece(chunk);
    else this.messages.set(chunk.message_id, { ...chunk, isOpen: false });
    return true;
  }

  /** @param {any} chunk */
  #addPiece(chunk) {
    const { content, reasoning_content, tool_calls = [], metadata, is_final, ...header } = chunk;
    const message = this.messages.get(chunk.message_id) ?? { ...header, content: '', isOpen: true };
    this.messages.set(chunk.message_id, message);
    if (typeof content === 'string') message.content = (message.content ?? '') + content;
    if (reasoning_content) message.reasoning_content = (message.reasoning_content ?? '') + reasoning_content;
    for (const piece of tool_calls) addCallPiece((message.tool_calls ??= []), piece);
    if (metadata) message.metadata = { ...message.metadata, ...metadata };
    message.isOpen = !is_final;
  }
}

/** @param {ToolCall[]} calls @param {any} piece */
function addCallPiece(calls, { index, id, function: called = {} }) {
  const call = (calls[index] ??= { id: '', function: { name: '', arguments: '' } });
  if (id) call.id = id;
  if (called.name) call.function.name += called.name;
  if (called.arguments) call.function.arguments += called.arguments;
}

/** @param {unknown} content */
export function textOf(content) {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => part.text ?? '').join('') : '';
}
