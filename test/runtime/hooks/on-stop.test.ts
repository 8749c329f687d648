import { describe, expect, test } from 'vitest';
import { textOf, type Hooks, type RunOptions } from '../../../src/index.ts';
import { record, scriptedModel, scriptedTeam, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { crashAfter, readSession } from '../../support/journal.ts';
import { delegate, member, team } from '../../support/team.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf, waitingTool, newLog } from '../../support/tools.ts';

type Hook = NonNullable<Hooks['onStop']>;

const goOn = (message: string) => ({ action: 'continue', message }) as const;

async function hooked(onStop: Hook, answers: readonly ScriptedAnswer[], more: Partial<RunOptions> = {}) {
  await using house = await createHouse();
  const model = scriptedModel(answers);
  const { outcome, text, chunks } = await record(house.run(model, { sessionId: 's', hooks: { onStop }, ...more }));
  const { messages } = await readSession(house.root, 's');
  const trace = await house.agent.getTrace('s');
  return { outcome, text, chunks, model, messages, trace };
}

describe('onStop', () => {
  test('is told the last word when the agents are done, and lets the run end by saying nothing', async () => {
    const last: string[] = [];
    const { outcome, trace } = await hooked(({ lastMessage }) => void last.push(textOf(lastMessage ?? {})), ['Done.']);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(last).toEqual(['Done.']);
    expect(trace?.hooks).toMatchObject([{ hook: 'onStop', outcome: 'passed' }]);
  });

  test('has the agent go on with its message, which clients are not shown', async () => {
    const said = [goOn('Now test it.'), undefined];
    const { outcome, text, model, chunks } = await hooked(() => said.shift(), ['Built.', 'Tested.']);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(text).toBe('Built.Tested.');
    expect(texts(conversations(model)[1])).toEqual(['Hello', 'Built.', 'Now test it.']);
    expect(JSON.stringify(chunks)).not.toContain('Now test it.');
  });

  test('has it go on three times at most', async () => {
    let times = 0;
    const answers = ['0', '1', '2', '3', 'never'];
    const { outcome, model } = await hooked(() => goOn(`more ${(times += 1)}`), answers);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(model.requests).toHaveLength(4);
    expect(times).toBe(3);
  });

  test.each<[string, Hook]>([
    [
      'throws',
      () => {
        throw new Error('No database.');
      },
    ],
    ['never ends', () => new Promise(() => {})],
    ['gives something else', () => ({ action: 'continue' }) as never],
  ])('stops the run where it %s, and says so: it might have had more to be done', async (_, onStop) => {
    const { outcome, trace, text } = await hooked(onStop, ['Done.'], { deadlines: { hookMs: 20 } });
    expect(text).toBe('Done.');
    const note = expect.stringContaining('The hook onStop');
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'hook-stopped', note });
    expect(trace?.hooks).toMatchObject([{ outcome: 'failed' }]);
  });

  test('that is pending when the run is stopped holds nobody up', async () => {
    const controller = new AbortController();
    const deaf: Hook = () => {
      setImmediate(() => controller.abort());
      return new Promise(() => {});
    };
    const { outcome } = await hooked(deaf, ['Done.'], { signal: controller.signal });
    expect(outcome).toMatchObject({ reason: 'aborted' });
  });

  test('that fails for a child is told to whoever delegated', async () => {
    await using house = await createHouse();
    const onStop: Hook = (_, { sessionId }) => {
      if (sessionId !== 's') throw new Error('No database.');
    };
    const model = scriptedTeam({
      'You lead.': [{ toolCalls: [delegate('clerk')] }, 'So.'],
      'You are clerk.': ['Found it.'],
    });
    const { outcome, messages } = await record(house.run(model, { ...team(member('clerk')), hooks: { onStop } }));
    expect(outcome).toMatchObject({ reason: 'done' });
    const result = textOf(messages.find(({ role }) => role === 'tool') ?? {});
    expect(JSON.parse(result)).toMatchObject({
      results: [{ reason: 'hook-stopped', error: expect.stringContaining('No database.'), result: 'Found it.' }],
    });
  });

  test('leaves nothing to the next run that this one has no steps for', async () => {
    const { outcome, messages } = await hooked(() => goOn('More.'), ['Done.'], { maxLoopCount: 1 });
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(messages.map(textOf)).toEqual(['Hello', 'Done.', '']);
  });

  test('is not asked about a run that ends otherwise', async () => {
    let calls = 0;
    const controller = new AbortController();
    const log = newLog();
    const wait = waitingTool(log, { onStart: () => controller.abort() });
    const { outcome } = await hooked(() => void (calls += 1), [call('wait')], {
      signal: controller.signal,
      toolManager: managerOf(wait),
    });
    expect(outcome).toMatchObject({ reason: 'aborted' });
    expect(calls).toBe(0);
  });

  test('is begun again from its word where the process died behind it', async () => {
    await using house = await createHouse();
    const said = [goOn('Now test it.')];
    const hooks: Hooks = { onStop: () => said.shift() };
    const model = scriptedModel(['Built.', 'Tested.', 'Tested.']);
    await record(house.run(model, { sessionId: 's', hooks }));
    crashAfter(house.root, 's', (entry) => entry.type === 'message' && entry.message.content === 'Now test it.');
    const again = house.options(model, { sessionId: 's', hooks, inputMessages: [] });
    expect(await record(house.restart().runStream(again))).toMatchObject({
      text: 'Tested.',
      outcome: { reason: 'done' },
    });
    expect(texts(conversations(model)[2])).toEqual(['Hello', 'Built.', 'Now test it.']);
  });

  test('is asked at the end of each child as well', async () => {
    await using house = await createHouse();
    const asked: string[] = [];
    const onStop: Hook = ({ lastMessage }, { sessionId }) => {
      asked.push(textOf(lastMessage ?? {}));
      return sessionId !== 's' && asked.length === 1 ? goOn('Look again.') : undefined;
    };
    const model = scriptedTeam({
      'You lead.': [{ toolCalls: [delegate('clerk')] }, 'So.'],
      'You are clerk.': ['Found nothing.', 'Found it.'],
    });
    const { messages } = await record(house.run(model, { ...team(member('clerk')), hooks: { onStop } }));
    expect(asked).toEqual(['Found nothing.', 'Found it.', 'So.']);
    const result = textOf(messages.find(({ role }) => role === 'tool') ?? {});
    expect(JSON.parse(result)).toMatchObject({ results: [{ result: 'Found it.' }] });
  });
});
