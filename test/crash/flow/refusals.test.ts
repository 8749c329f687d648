import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AgentFlow, RunOptions } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { say } from '../answers.ts';
import { plantJournal } from '../recorded-run.ts';
import { entriesIn, linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { flowAnswersFor } from './flow-answers.ts';
import { createFlowAgent, flowOptions, wholeFlow } from './flow-program.ts';
import { readNotes } from './notes.ts';
import { recordFlow } from './recorded-flow.ts';
import { Walk } from './walk.ts';

const sessionId = 's';

test('a flow that crashed three times is not tried again; a new message begins it anew', async () => {
  using root = new TemporaryRoot();
  let journal = crashInTools(await recordFlow(root.path));
  for (const attempt of [2, 3]) {
    const name = `attempt-${attempt}`;
    const path = plantJournal(root.path, name, journal);
    await using agent = createFlowAgent(root.path);
    await record(agent.runStream(optionsFor(root.path, { sessionId: name })));
    const whole = readFileSync(path);
    const begun = linesOf(whole).find(({ start, end }) =>
      whole.toString('utf8', start, end).includes(`"attempt":${attempt}`),
    );
    journal = whole.subarray(0, begun?.end);
  }

  const path = plantJournal(root.path, sessionId, journal);
  const crashed = new Walk(entriesIn(path));
  expect(crashed.attempt).toBe(3);
  await using agent = createFlowAgent(root.path);
  const fourth = agent.runStream(optionsFor(root.path));
  await expect(fourth.next()).rejects.toMatchObject({ code: 'invalid-argument', facts: { option: 'inputMessages' } });
  await expect(fourth.outcome).rejects.toThrow(/crashed 3 times and is not tried again.*Give a message/);
  expect(readFileSync(path)).toEqual(journal);

  const anew = agent.runStream(optionsFor(root.path, { inputMessages: [{ role: 'user', content: say(2) }] }));
  expect(await record(anew)).toMatchObject({ outcome: { status: 'completed', reason: 'done' } });
  const ends = entriesIn(path).filter((entry) => entry.type === 'run_ended');
  expect(ends).toMatchObject([
    { run_id: crashed.runId, reason: 'crashed' },
    { run_id: anew.runId, reason: 'done' },
  ]);
  // Nothing of the old run's trace or state is the new one's.
  const notes = readNotes(root.path, sessionId);
  expect(notes.map((note) => (note.type === 'entered' ? note.node : note.condition))).toEqual([
    'start',
    'coin',
    'paint',
    'rounds_left',
    'rounds_left',
    'rounds_left',
    'repaint',
  ]);
});

const { root: rootNode, name } = wholeFlow;

/** The same as JSON, its fields in another order. */
const reordered = JSON.parse(JSON.stringify(rootNode), (_, value: unknown) =>
  isNode(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value,
) as AgentFlow['root'];

test.each<{ readonly what: string; readonly customFlow: AgentFlow }>([
  { what: 'name and description', customFlow: { name: 'other', description: 'The same, described.', root: rootNode } },
  { what: 'order of fields', customFlow: { name, root: reordered } },
])('a crashed run goes on when only the $what of its flow has changed', async ({ customFlow }) => {
  using root = new TemporaryRoot();
  plantJournal(root.path, sessionId, crashInTools(await recordFlow(root.path)));
  await using agent = createFlowAgent(root.path);
  const { outcome } = await record(agent.runStream(optionsFor(root.path, { customFlow })));
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
});

test.each<{ readonly what: string; readonly change: Partial<RunOptions> }>([
  { what: 'the default flow', change: { customFlow: undefined as never } },
  {
    what: 'a flow of other nodes',
    change: { customFlow: { name, root: { node_type: 'agent', agent_key: 'simple' } } },
  },
  {
    what: 'nodes with other settings',
    change: { customFlow: { name, root: replaceIn(rootNode, 'You are left.', 'You are right.') } },
  },
  {
    what: 'nodes with other descriptions',
    change: { customFlow: { name, root: { ...rootNode, description: 'All of it.' } } },
  },
])('a crashed run does not go on with $what: flow-changed, and nothing is written', async ({ change }) => {
  using root = new TemporaryRoot();
  const journal = crashInTools(await recordFlow(root.path));
  const path = plantJournal(root.path, sessionId, journal);
  await using agent = createFlowAgent(root.path);
  const run = agent.runStream({ ...optionsFor(root.path), ...change });
  const refused = { code: 'flow-changed', facts: { sessionId, runId: new Walk(entriesIn(path)).runId } };
  await expect(run.next()).rejects.toMatchObject(refused);
  await expect(run.outcome).rejects.toMatchObject(refused);
  expect(readFileSync(path)).toEqual(journal);
  expect(readNotes(root.path, sessionId)).toEqual([]);
  expect(await agent.getSessionStatus(sessionId)).toBe('interrupted');

  // The old flow still goes on.
  expect(await record(agent.runStream(optionsFor(root.path)))).toMatchObject({ outcome: { reason: 'done' } });
});

function optionsFor(root: string, more: Partial<RunOptions> = {}): RunOptions {
  return { ...flowOptions({ root, sessionId, model: scriptedModel(flowAnswersFor(0, () => {})) }), ...more };
}

/** Until two branches have called their tools. */
function crashInTools(journal: Buffer): Buffer {
  const lines = linesOf(journal);
  const intents = lines.filter(({ start, end }) => journal.toString('utf8', start, end).includes('"type":"intents"'));
  return journal.subarray(0, intents[1]?.end);
}

function replaceIn(node: AgentFlow['root'], text: string, other: string): AgentFlow['root'] {
  return JSON.parse(JSON.stringify(node).replace(text, other)) as AgentFlow['root'];
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'node_type' in value;
}
