import { SageError } from '../../errors.ts';
import type { ReadMessage } from '../../messages/codec.ts';
import type { ToolCall } from '../../messages/tool-call.ts';
import type { Entry, MessageAdded, StoredMessage } from '../../session/entry.ts';
import type { Ledger } from '../../session/ledger.ts';
import { answerOpenCalls, type OpenCalls } from '../../session/open-calls.ts';

export interface InputTools {
  readonly createId: () => string;
  /** The changing facts, shown before the newest user message. */
  readonly context: string;
}

/**
 * The entries by which input messages join a ledger at rest.
 *
 * A message that is there already is left out; one with new content replaces it in its place. Calls without a result in the
 * input are answered "not run", before the next message.
 *
 * @throws {SageError} `invalid-argument` for a message that may not be replaced, or a result without its call.
 */
export function inputEntries(
  input: readonly ReadMessage[],
  ledger: Ledger,
  { createId, context }: InputTools,
): Entry[] {
  const entries: Entry[] = [];
  const added = new Map<string, StoredMessage>();
  const keep = (entry: MessageAdded) => {
    entries.push(entry);
    added.set(entry.message.message_id, entry.message);
  };
  let open: OpenCalls | undefined;
  const answerWhatIsOpen = () => {
    if (open !== undefined) entries.push(...answerOpenCalls(open, createId));
    open = undefined;
  };
  for (const { session_id: _session, ...message } of input) {
    const { message_id } = message;
    const known = message_id === undefined ? undefined : (added.get(message_id) ?? ledger.find(message_id));
    if (known !== undefined) {
      if (!isSame(known.content, message.content)) entries.push(replacement(message, known));
      continue;
    }
    if (message.role === 'tool') {
      keep(result(message, open, createId));
      continue;
    }
    answerWhatIsOpen();
    const entry = add(message, createId);
    keep(entry);
    if (message.tool_calls !== undefined) open = openCalls(entry.message.message_id, message.tool_calls);
  }
  answerWhatIsOpen();
  return withContext(entries, context);
}

function add(message: Omit<ReadMessage, 'session_id'>, createId: () => string): MessageAdded {
  return { type: 'message', message: { ...message, message_id: message.message_id ?? createId() } };
}

function openCalls(messageId: string, calls: readonly ToolCall[]): OpenCalls {
  const none = { intended: new Set<number>(), settled: new Map(), answered: new Set<number>(), children: new Map() };
  return { messageId, agentName: undefined, calls, ...none };
}

function result(message: ReadMessage, open: OpenCalls | undefined, createId: () => string): MessageAdded {
  const index =
    open?.calls.findIndex(({ id }, place) => id === message.tool_call_id && !open.answered.has(place)) ?? -1;
  if (open === undefined || index < 0) {
    throw refused(
      `a result of call "${message.tool_call_id}" without that call before it`,
      'each tool message after the message with its call',
    );
  }
  open.answered.add(index);
  return { ...add(message, createId), call: [open.messageId, index] };
}

/** Only what people wrote, and plain answers: replacing a call would tell a story that did not happen. */
function replacement(
  { message_id, role, content, tool_calls }: ReadMessage,
  known: Pick<StoredMessage, 'role' | 'tool_calls'>,
): Entry {
  const isPlainAnswer = known.tool_calls === undefined && tool_calls === undefined && typeof content === 'string';
  const mayBeReplaced = role === known.role && (role === 'user' || (role === 'assistant' && isPlainAnswer));
  if (!mayBeReplaced || message_id === undefined || content === null) {
    throw refused(
      `message "${message_id}" with other content than it has`,
      'new content for user messages and plain assistant text',
    );
  }
  return { type: 'replaced', message_id, content };
}

function withContext(entries: Entry[], context: string): Entry[] {
  const newest = entries.findLastIndex((entry) => entry.type === 'message' && entry.message.role === 'user');
  return entries.map((entry, index) => (index === newest ? ({ ...entry, context } as MessageAdded) : entry));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? '') === JSON.stringify(b ?? '');
}

function refused(given: string, allowed: string): SageError {
  return new SageError('invalid-argument', `inputMessages holds ${given}. Allowed: ${allowed}.`, {
    option: 'inputMessages',
    given,
    allowed,
  });
}
