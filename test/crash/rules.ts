import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { textOf, type Message } from 'sagents';
import type { Entry } from '../../src/session/entry.ts';
import type { SentMessage } from './answers.ts';
import type { Trace } from './tools.ts';

/** Each message with calls is directly followed by one result for each of them, in order; there are no other results. */
export function mustBePaired(messages: readonly SentMessage[]): void {
  let awaited: string[] = [];
  for (const { role, tool_calls = [], tool_call_id } of messages) {
    if (role === 'tool') assert.equal(tool_call_id, awaited.shift(), 'a result stands where its call asks for it');
    else assert.deepEqual(awaited, [], 'every call has its result before the next message');
    if (role !== 'tool') awaited = tool_calls.map(({ id }) => id);
  }
  assert.deepEqual(awaited, [], 'no call is left without a result');
}

/** One call of the ledger, and what is known of it. */
export interface LedgerCall {
  readonly key: string;
  readonly tool: string;
  /** `success`, `unknown`, `not_run`, … */
  readonly status: unknown;
}

/** The calls of a ledger at rest. Throws unless each has exactly one result. */
export function callsOf(ledger: readonly Message[]): LedgerCall[] {
  const told = ledger.filter(({ message_type }) => message_type !== 'tool_progress');
  const shown = told.map((message) =>
    message.metadata?.['incomplete'] === undefined ? message : withoutCalls(message),
  );
  mustBePaired(shown.map((message) => ({ ...message, content: textOf(message) })));
  return shown.flatMap(({ message_id, tool_calls = [] }, place) =>
    tool_calls.map(({ function: { name } }, index) => {
      const result = shown[place + 1 + index];
      return { key: `${message_id}-${index}`, tool: name, status: result?.metadata?.['tool_execution_status'] };
    }),
  );
}

/** A message that was cut never came to its calls. */
const withoutCalls = ({ tool_calls: _calls, ...message }: Message): Message => message;

/** What the tools left outside fits what the ledger says of their calls. */
export function mustFitTraces(calls: readonly LedgerCall[], traces: readonly Trace[]): void {
  const known = new Map(calls.map(({ key, tool }) => [key, tool]));
  for (const { key, tool } of traces) assert.equal(known.get(key), tool, 'nothing runs that is not in the ledger');
  for (const { key, tool, status } of calls) {
    const times = traces.filter((trace) => trace.key === key).length;
    const [least, most] = timesOf(tool, status);
    assert.ok(times >= least && times <= most, `${tool} ${key} says "${String(status)}" and ran ${times} times`);
  }
}

function timesOf(tool: string, status: unknown): [least: number, most: number] {
  if (status === 'not_run') return [0, 0];
  const most = tool === 'pay' || tool === 'deploy' ? 1 : Infinity;
  assert.ok(status === 'success' || status === 'unknown', `an unexpected status: ${String(status)}`);
  return [status === 'success' ? 1 : 0, most];
}

/** What the whole lines of a journal say, read by the test itself; nothing where there is none. */
export function entriesIn(journalPath: string): Entry[] {
  if (!existsSync(journalPath)) return [];
  const lines = readFileSync(journalPath, 'utf8').split('\n').slice(0, -1);
  return lines.flatMap((line) => (JSON.parse(line) as { entries: Entry[] }).entries);
}

/** Where the lines of a journal begin and end, newline included. */
export function linesOf(journal: Buffer): { readonly start: number; readonly end: number }[] {
  const lines = [];
  for (let start = 0, end = 0; (end = journal.indexOf(0x0a, start)) >= 0; start = end + 1)
    lines.push({ start, end: end + 1 });
  return lines;
}
