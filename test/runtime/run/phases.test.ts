import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import { httpError, record, scriptedModel, stall, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf, newLog, waitingTool } from '../../support/tools.ts';

const tools = { toolManager: managerOf(echoTool(), waitingTool(newLog())) };
const broken = () => Promise.reject(httpError(400, 'no'));
const overflow = () => Promise.reject(httpError(400, "This model's maximum context length is 10 tokens"));

/** What the run came to, where it stood, and how. */
const ends: [string, string, string, readonly ScriptedAnswer[], Partial<RunOptions>?][] = [
  ['completed/done', 'closing', 'an answer', ['Hi']],
  ['completed/max-loops', 'closing', 'calls when the loops are used up', [echo('a')], { ...tools, maxLoopCount: 1 }],
  ['failed/model-error', 'model', 'a refused request', [{ at: { 0: broken } }]],
  ['failed/model-error', 'model', 'a refused request after tools', [echo('a'), { at: { 0: broken } }], tools],
  ['failed/context-overflow', 'model', 'too long a request', [{ at: { 0: overflow } }]],
  [
    'failed/budget',
    'tools',
    'more calls than allowed',
    [echo('a'), echo('b')],
    { ...tools, limits: { maxToolCalls: 1 } },
  ],
  ['interrupted/deadline', 'model', 'a silent model', [{ at: { 0: stall } }], { deadlines: { firstChunkMs: 20 } }],
  [
    'interrupted/deadline',
    'model',
    'no time left in the model',
    [{ at: { 0: stall } }],
    { deadlines: { totalMs: 500 } },
  ],
  [
    'interrupted/deadline',
    'tools',
    'no time left in a tool',
    [call('wait')],
    { ...tools, deadlines: { totalMs: 500 } },
  ],
];

describe('the outcome', () => {
  test.each(ends)('is %s in phase "%s" after %s', async (end, phase, _, answers, more = {}) => {
    await using house = await createHouse();
    const { outcome } = await record(house.run(scriptedModel(answers), more));
    expect(`${outcome.status}/${outcome.reason}`).toBe(end);
    expect(outcome.phase).toBe(phase);
    expect(await house.agent.getSessionStatus(outcome.sessionId)).toBe(outcome.status);
  });

  test('is what the generator returns', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel(['Hi']));
    let turn = await run.next();
    while (!turn.done) turn = await run.next();
    expect(turn.value).toBe(await run.outcome);
  });

  test('survives JSON', async () => {
    await using house = await createHouse();
    const { outcome } = await record(house.run(scriptedModel([{ at: { 0: broken } }])));
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  });
});
