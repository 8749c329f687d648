import assert from 'node:assert/strict';
import type { Message } from 'sagents';
import { mustFitTraces, type LedgerCall } from '../rules.ts';
import type { Trace } from '../tools.ts';
import { ownPaths, wantedRounds } from './flow-program.ts';
import type { Note } from './notes.ts';
import type { Walk } from './walk.ts';

/** What was written down after a death: nothing that was left is entered again, nothing decided is asked again. */
export function mustNotGoBack(at: Walk, later: readonly Note[]): void {
  for (const note of later) {
    if (note.type === 'entered') {
      assert.ok(!at.left.has(ownPaths[note.node] ?? ''), `${note.node} was left, and ran again`);
    } else if (note.condition === 'coin') {
      assert.ok(!at.decisions.has('root/steps/1'), 'the coin had been thrown, and was thrown again');
    } else {
      assert.ok(!at.left.has('root/steps/3'), 'the loop was left, and asked again');
      const turn = `root/steps/3/body/${note.rounds + 1}`;
      assert.ok(!at.entered.has(turn), `${turn} had been decided on, and was asked about again`);
    }
  }
}

/** The run went all the way, once. */
export function mustBeAllTheWay({ left, entered, decisions }: Walk): void {
  assert.ok(left.has('root'));
  assert.deepEqual(
    [...entered].filter((path) => !left.has(path)),
    [],
  );
  const coin = decisions.get('root/steps/1');
  assert.ok(coin === 'true_body' || coin === 'false_body');
  assert.equal(decisions.get('root/steps/4'), 'cases/red');
  const turns = [...left].filter((path) => /^root\/steps\/3\/body\/\d+$/.test(path));
  assert.equal(turns.length, wantedRounds);
}

/** The calls of a ledger, whose results the branches of a flow may have mixed. Throws unless each whole one has a result. */
export function callsWith(walk: Walk, ledger: readonly Message[]): LedgerCall[] {
  const whole = ledger.filter(({ message_id }) => walk.whole.has(message_id));
  assert.equal(whole.length, walk.whole.size);
  const calls = whole.flatMap(({ message_id, tool_calls = [] }) =>
    tool_calls.map(({ function: { name } }, index) => ({ key: `${message_id}-${index}`, tool: name })),
  );
  assert.deepEqual(new Set(calls.map(({ key }) => key)), new Set(walk.results.keys()), 'every call has its result');
  return calls.map(({ key, tool }) => ({ key, tool, status: walk.results.get(key) }));
}

/** Nothing ran more often than its effect and the number of attempts allow. */
export function mustHaveRunAsAllowed(calls: readonly LedgerCall[], traces: readonly Trace[], attempts: number): void {
  mustFitTraces(calls, traces);
  const keys = traces.map(({ key }) => key);
  for (const key of new Set(keys))
    assert.ok(keys.filter((one) => one === key).length <= attempts, `${key} ran too often`);
}
