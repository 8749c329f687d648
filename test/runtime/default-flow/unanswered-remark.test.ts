import { describe, expect, test } from 'vitest';
import { builtinTools, ToolManager, type RunOptions } from '../../../src/index.ts';
import type { FlowNode } from '../../../src/flow/flow.ts';
import type { ChatRequestOptions } from '../../../src/model/model.ts';
import {
  httpError,
  record,
  scriptedModel,
  stall,
  type AnswerParts,
  type ScriptedAnswer,
} from '../../../src/testing/index.ts';
import { brokenPrefixes, conversations, texts } from '../../support/guidance.ts';
import { crashAfter, readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { echo, echoTool } from '../../support/tools.ts';
import { agent, flow, sequence } from '../flow/nodes.ts';

const toolManager = new ToolManager({ tools: [...builtinTools(), echoTool()] });
const wrong = 'See [a](a.md).';
const notRun = expect.stringContaining('not_run') as unknown;
const usage = { prompt_tokens: 60, completion_tokens: 50 };

/** The next run of the session, and what its model is shown. */
async function next(house: TestHouse, from = house.agent): Promise<string[]> {
  const model = scriptedModel(['Hello again.']);
  const inputMessages = [{ role: 'user', content: 'And now?' }] as const;
  await record(from.runStream(house.options(model, { sessionId: 's', toolManager, inputMessages })));
  return texts(conversations(model)[0]);
}

const prefixChanges = async (house: TestHouse) =>
  (await readSession(house.root, 's')).entries.filter(({ type }) => type === 'prefix_changed');

describe('a remark is made where it can be answered, and not where', () => {
  test.each<[string, Partial<RunOptions>, readonly ScriptedAnswer[]]>([
    ['no step is left', { maxLoopCount: 1 }, [wrong]],
    ['no token is left', { limits: { maxTokens: 110 } }, [{ text: wrong, usage }]],
    ['no tool call is left', { limits: { maxToolCalls: 1 } }, [echo('a'), wrong]],
  ])('%s: the run ends as the answer did, and tells of it in its outcome', async (_, more, answers) => {
    await using house = await createHouse();
    const model = scriptedModel(answers);
    const { outcome } = await record(house.run(model, { sessionId: 's', toolManager, ...more }));
    model.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done', selfCheck: { passed: false } });
    expect(outcome?.selfCheck?.issues.join()).toContain('"a.md" leads nowhere');
    expect((await next(house)).slice(-2)).toEqual([wrong, 'And now?']);
    expect(await prefixChanges(house)).toEqual([]);
  });
});

describe('a remark is not left for the next run when', () => {
  type Answers = (stop: Required<AnswerParts>['at'][number]) => readonly ScriptedAnswer[];

  test.each<[string, Answers, readonly unknown[], Partial<RunOptions>?]>([
    ['the model fails', () => [{ at: { 0: () => Promise.reject(httpError(400, 'No.')) } }], []],
    ['the run is stopped before the answer', (stop) => [{ text: 'never', at: { 0: stop } }], []],
    ['its answer is cut', (stop) => [{ text: ['Men', 'ded'], at: { 1: stop } }], ['Men']],
    [
      'its budget is used up on the way',
      () => [{ ...echo('a'), usage }],
      ['null', notRun],
      { limits: { maxTokens: 110 } },
    ],
    ['its steps are used up on the way', () => [echo('a')], ['null', notRun], { maxLoopCount: 2 }],
  ])('%s', async (_, answers, said, more = {}) => {
    await using house = await createHouse();
    const controller = new AbortController();
    const stop = (options: ChatRequestOptions) => {
      controller.abort();
      return stall(options);
    };
    const model = scriptedModel([wrong, ...answers(stop)]);
    const { signal } = controller;
    const { outcome } = await record(house.run(model, { sessionId: 's', toolManager, signal, ...more }));
    expect(outcome?.reason).not.toBe('done');
    expect(texts(conversations(model)[1]).at(-1)).toContain('leads nowhere');
    expect(await next(house)).toEqual(['Hello', wrong, ...said, 'And now?']);
    expect(await prefixChanges(house)).toEqual([{ type: 'prefix_changed', cause: 'replaced-message' }]);
  });

  test.each<[string, readonly FlowNode[], readonly ScriptedAnswer[], number]>([
    ['nobody', [], [], 0],
    ['a helper, whose model is shown it,', [agent('task_summary')], ['In short.'], 1],
  ])('%s comes after the check in its flow', async (_, after, answers, changes) => {
    await using house = await createHouse();
    const customFlow = flow(sequence(agent('simple'), agent('self_check'), ...after));
    const model = scriptedModel([wrong, ...answers]);
    const { outcome } = await record(house.run(model, { sessionId: 's', toolManager, customFlow }));
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: false } });
    expect(await next(house)).toEqual(['Hello', wrong, ...answers, 'And now?']);
    expect(await prefixChanges(house)).toHaveLength(changes);
  });
});

describe('after a crash between a remark and its answer', () => {
  async function crashed(house: TestHouse) {
    const model = scriptedModel([wrong, 'Mended.']);
    await record(house.run(model, { sessionId: 's', toolManager }));
    crashAfter(house.root, 's', (entry) => entry.type === 'message' && entry.message.message_type === 'guide');
    return { model, restarted: house.restart() };
  }

  test('a new message finds no remark', async () => {
    await using house = await createHouse();
    const { restarted } = await crashed(house);
    expect(await next(house, restarted)).toEqual(['Hello', wrong, 'And now?']);
  });

  test('the run that is continued answers it, and what was answered stays', async () => {
    await using house = await createHouse();
    const { model, restarted } = await crashed(house);
    const again = scriptedModel(['Mended.']);
    const options = house.options(again, { sessionId: 's', toolManager, inputMessages: [] });
    const { outcome } = await record(restarted.runStream(options));
    expect(outcome).toMatchObject({ reason: 'done', selfCheck: { passed: true } });
    expect(brokenPrefixes([...model.requests.slice(0, 1), ...again.requests])).toEqual([]);
    expect(await next(house, restarted)).toEqual([...texts(conversations(again)[0]), 'Mended.', 'And now?']);
    expect(await prefixChanges(house)).toEqual([]);
  });
});
