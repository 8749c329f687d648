import { expect } from 'vitest';
import type { Message } from 'sagents';
import type { StoredTree } from '../../support/tree.ts';
import { sessionId } from './recorded-tree.ts';
import { taskResults, wholeStory } from './team.ts';
import { entriesOf, fixedChildren, resultsOf, roles, wordsIn } from './tree-facts.ts';

/** Everybody has joined once and said their part once, and whoever delegated was told so in the order of the tasks. */
export function expectWhole(tree: StoredTree): void {
  const names = roles(tree);
  const said = [...tree.ledgers].map(([id, ledger]) => [names.get(id), wordsIn(ledger)]);
  expect(said).toHaveLength(5);
  expect(Object.fromEntries(said)).toEqual(wholeStory);
  const fixed = fixedChildren(tree.entries);
  expect([...fixed.values()].flat().toSorted()).toEqual([...names.keys()].filter((id) => id !== sessionId).toSorted());
  for (const child of tree.state.children) {
    const own = entriesOf(tree, child.sessionId);
    const tasks = own.filter(
      (entry) => entry.type === 'message' && entry.message.metadata?.['source'] === 'delegation',
    );
    const runs = own.flatMap((entry) => (entry.type === 'run_started' ? [entry.run_id] : []));
    expect([child.sessionId, tasks.length, new Set(runs).size]).toEqual([child.sessionId, 1, 1]);
  }
  for (const [key, children] of fixed) {
    const answers = resultsOf(tree, key);
    expect(answers).toHaveLength(1);
    const told = taskResults(answers[0] ?? '');
    expect(told.map(({ session_id }) => session_id)).toEqual(children);
    expect(told.map(({ status }) => status)).toEqual(children.map(() => 'completed'));
    expect(told.map(({ agent_id }) => agent_id)).toEqual(children.map((id) => names.get(id)));
  }
  const spawned = tree.state.ledger.state.get('sub_agents');
  expect(spawned).toMatchObject([{ agent_id: 'scribe' }]);
  const own = [...tree.ledgers.values()].flatMap((ledger) => ledger.messages()).filter(isOfRuntime);
  expect(own.map(({ metadata }) => metadata?.['tool_execution_status'])).toEqual(own.map(() => 'success'));
  expect(own).toHaveLength(4);
}

/** Results of the tools that the runtime itself gives: what is called again after a crash gives what it would have given. */
function isOfRuntime({ role, message_type, metadata }: Message): boolean {
  return role === 'tool' && message_type === 'tool_call_result' && String(metadata?.['tool_name']).startsWith('sys_');
}
