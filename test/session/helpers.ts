import type { MessageChunk } from '../../src/messages/message.ts';
import type { ToolCall } from '../../src/messages/tool-call.ts';
import type { Entry, StoredMessage } from '../../src/session/entry.ts';
import { Expander } from '../../src/session/expand.ts';
import { Journal } from '../../src/session/journal.ts';
import type { JournalRecord } from '../../src/session/session-store.ts';
import { Session } from '../../src/session/session.ts';
import { foldOnto } from '../../src/session/state-cache.ts';
import { countingIds, fixedClock } from '../../src/testing/fixed.ts';
import { MemoryWriter } from '../support/memory-writer.ts';

/** The second in which every test begins. */
export const newYear = Date.UTC(2026, 0, 1) / 1000;

interface Opening {
  /** What an earlier owner has stored. */
  readonly records?: readonly JournalRecord[];
  readonly clock?: () => number;
  readonly createId?: () => string;
}

/** A session `s` in memory, as a run `r` has it. */
export function openSession({ records = [], clock = fixedClock(), createId = countingIds() }: Opening = {}) {
  const writer = new MemoryWriter(records);
  const state = foldOnto(undefined, 's', writer.stored);
  const journal = new Journal(writer, state, clock);
  const session = new Session(journal, state.root, { runId: 'r', createId });
  return { writer, state, journal, session, ledger: state.ledger };
}

/** What a journal says, folded from its records. */
export function replay(records: readonly JournalRecord[]) {
  return foldOnto(undefined, 's', { records, cursor: {}, fromStart: true });
}

/** Every chunk the records show, as a reader of the journal makes them. */
export function expandAll(records: readonly JournalRecord[], expander = new Expander('s')): MessageChunk[] {
  return records.flatMap((record) => expander.expand(record));
}

export function toolCall(id: string, name = 'look', text = '{}'): ToolCall {
  return { id, type: 'function', function: { name, arguments: text } };
}

export function user(message_id: string, content: string): StoredMessage {
  return { role: 'user', message_id, content, message_type: 'user_input' };
}

/** An assistant message with calls `c0`, `c1`, … of these names. */
export function callers(message_id: string, names: readonly string[]): StoredMessage {
  const tool_calls = names.map((name, index) => toolCall(`c${index}`, name));
  return { role: 'assistant', message_id, content: null, message_type: 'tool_call', tool_calls };
}

export function result(message_id: string, tool_call_id: string, content = message_id): StoredMessage {
  return { role: 'tool', message_id, content, tool_call_id, message_type: 'tool_call_result' };
}

export function added(message: StoredMessage): Entry {
  return { type: 'message', message };
}

/** The result of a call, in the turn it is shown. */
export function answered(call: readonly [string, number], message: StoredMessage): Entry {
  return { type: 'message', call, message };
}
