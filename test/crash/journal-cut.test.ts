import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SAgent, textOf, type Message } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { plantJournal, recordRun } from './recorded-run.ts';
import { callsOf, mustBePaired } from './rules.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';

test('cut at any byte, the journal of a run opens, tells the story so far, and takes a new message', async () => {
  using root = new TemporaryRoot();
  const { journal, story } = await recordRun(root.path);
  expect(story.map(({ message_type }) => message_type)).toContain('tool_progress');
  for (let length = 0; length <= journal.length; length += 1) {
    plantJournal(root.path, 'cut', journal.subarray(0, length));
    await mustGoOn(root.path, story, length);
    rmSync(root.file('cut'), { recursive: true });
  }
}, 120_000);

async function mustGoOn(root: string, story: readonly Message[], length: number): Promise<void> {
  await using agent = new SAgent({ sessionRootSpace: root });
  const before = (await agent.getMessages('cut', { includeHidden: true })) ?? [];
  mustBeginLike(before, story);

  const model = scriptedModel(['Yes.']);
  const run = agent.runStream(runOptions({ root, sessionId: 'cut', input: 'Still there?', model }));
  const { text, outcome } = await record(run);
  assert.deepEqual([text, outcome.status, outcome.reason], ['Yes.', 'completed', 'done'], `cut at byte ${length}`);
  mustBePaired(model.requests[0]?.messages ?? []);

  const after = (await agent.getMessages('cut', { includeHidden: true })) ?? [];
  mustBeginLike(before, after);
  callsOf(after);
  assert.equal(await agent.getSessionStatus('cut'), 'completed');
}

/** Each message is there, the later ones perhaps not yet to their ends. */
function mustBeginLike(beginning: readonly Message[], whole: readonly Message[]): void {
  for (const [place, message] of beginning.entries()) {
    const later = whole[place];
    assert.ok(later !== undefined && later.message_id === message.message_id && later.role === message.role);
    assert.ok(textOf(later).startsWith(textOf(message)), `"${textOf(message)}" became "${textOf(later)}"`);
    for (const [index, call] of (message.tool_calls ?? []).entries()) {
      assert.ok(later.tool_calls?.[index]?.function.arguments.startsWith(call.function.arguments));
    }
  }
}
