import { textOf, type Message } from 'sagents';
import type { CallKey, Entry } from '../../../src/session/entry.ts';
import type { Ledger } from '../../../src/session/ledger.ts';
import { ownerOf } from '../../../src/session/own-entries.ts';
import type { StoredTree } from '../../support/tree.ts';
import { sessionId } from './recorded-tree.ts';

/** The sessions that each call has been given to work in, by the call; several intents of one call must name the same. */
export function fixedChildren(entries: readonly Entry[]): Map<string, readonly string[]> {
  const fixed = new Map<string, readonly string[]>();
  for (const entry of entries) {
    if (entry.type !== 'intents') continue;
    for (const [index, children] of Object.entries(entry.children ?? {})) {
      const key = keyOf([entry.message_id, Number(index)]);
      const known = fixed.get(key) ?? children;
      if (known.join() !== children.join())
        throw new Error(`${key} is given other sessions: ${known.join()} ${children.join()}`);
      fixed.set(key, known);
    }
  }
  return fixed;
}

/** Calls that may have been started, and those that have a result. */
export function callsIn(entries: readonly Entry[]): { readonly intended: Set<string>; readonly settled: Set<string> } {
  const intended = new Set<string>();
  const settled = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'intents') for (const index of entry.calls) intended.add(keyOf([entry.message_id, index]));
    if ((entry.type === 'message' || entry.type === 'settled') && entry.call !== undefined)
      settled.add(keyOf(entry.call));
  }
  return { intended, settled };
}

export const keyOf = ([messageId, index]: CallKey): string => `${messageId}-${index}`;

/** Who each session works as: the root is the master. */
export function roles({ state }: StoredTree): Map<string, string> {
  const children = state.children.map(({ sessionId: id, joined }) => [id, joined?.agent_id ?? ''] as const);
  return new Map([[sessionId, 'master'], ...children]);
}

/** What a call has been answered, as often as it has. */
export function resultsOf({ ledgers }: StoredTree, key: string): string[] {
  const items = [...ledgers.values()].flatMap(({ whole }) => whole);
  return items.flatMap(({ call, message }) => (call !== undefined && keyOf(call) === key ? [textOf(message)] : []));
}

/** All that an agent has said in its session, as one text: what was cut off with what went on from there. */
export function wordsIn(ledger: Ledger): string {
  return ledger.messages().filter(isSpoken).map(textOf).join('');
}

/** Entries of one session; more of a streamed message is nobody's here. */
export function entriesOf({ entries }: Pick<StoredTree, 'entries'>, id: string): Entry[] {
  return entries.filter((entry) => !('of' in entry) && (ownerOf(entry) ?? sessionId) === id);
}

function isSpoken({ role, agent_name, message_type }: Message): boolean {
  return role === 'assistant' && agent_name !== undefined && message_type !== 'tool_progress';
}
