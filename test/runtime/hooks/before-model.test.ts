import { describe, expect, test } from 'vitest';
import { textOf, type Hooks, type RunOptions } from '../../../src/index.ts';
import { record, scriptedModel, scriptedTeam } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { delegate, member, team } from '../../support/team.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

type Hook = NonNullable<Hooks['beforeModel']>;

async function hooked(beforeModel: Hook, more: Partial<RunOptions> = {}) {
  await using house = await createHouse();
  const model = scriptedModel([echo('hi'), 'Done.']);
  const options = { toolManager: managerOf(echoTool()), sessionId: 's', hooks: { beforeModel }, ...more };
  const { outcome } = await record(house.run(model, options));
  expectAtRest(await readSession(house.root, 's'));
  const trace = await house.agent.getTrace('s');
  return { outcome, requests: model.requests.length, trace };
}

describe('beforeModel', () => {
  test('is told of each model call before it is made', async () => {
    const seen: unknown[] = [];
    const { requests } = await hooked((request) => void seen.push(request));
    expect(requests).toBe(2);
    expect(seen).toEqual([
      { model: 'test-model', isHelper: false, messages: 1 },
      { model: 'test-model', isHelper: false, messages: 3 },
    ]);
  });

  test('stops the run, and its reason is the note', async () => {
    let calls = 0;
    const { outcome, requests, trace } = await hooked(() => {
      calls += 1;
      return calls === 2 ? { action: 'stop', reason: 'Too expensive.' } : undefined;
    });
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'hook-stopped', note: 'Too expensive.' });
    expect(requests).toBe(1);
    expect(trace?.hooks).toMatchObject([
      { outcome: 'passed' },
      { hook: 'beforeModel', outcome: 'said', action: 'stop', reason: 'Too expensive.' },
    ]);
    expect(trace?.ended).toEqual({ status: 'interrupted', reason: 'hook-stopped' });
  });

  test.each<[string, Hook]>([
    [
      'throws',
      () => {
        throw new Error('No database.');
      },
    ],
    ['never ends', () => new Promise(() => {})],
    ['gives something else', () => 'go on' as never],
    ['stops without a reason', () => ({ action: 'stop', reason: ' ' })],
  ])('stops the run before anything is sent where it %s', async (_, beforeModel) => {
    const { outcome, requests } = await hooked(beforeModel, { deadlines: { hookMs: 20 } });
    expect(outcome).toMatchObject({ reason: 'hook-stopped', note: expect.stringContaining('beforeModel') });
    expect(requests).toBe(0);
  });

  test('that is pending when the run is stopped lets nothing be sent', async () => {
    const controller = new AbortController();
    const deaf: Hook = () => {
      setImmediate(() => controller.abort());
      return new Promise(() => {});
    };
    const { outcome, requests } = await hooked(deaf, { signal: controller.signal });
    expect(outcome).toMatchObject({ reason: 'aborted', phase: 'model' });
    expect(requests).toBe(0);
  });

  test('is asked before what helpers ask too, and stops the run there', async () => {
    await using house = await createHouse();
    const inputMessages = [{ role: 'user', content: '<enable_plan>true</enable_plan>Build a house' }] as const;
    const model = scriptedModel(['1. Dig.']);
    const beforeModel: Hook = ({ isHelper }) => (isHelper ? { action: 'stop', reason: 'No helpers.' } : undefined);
    const { outcome } = await record(house.run(model, { inputMessages, hooks: { beforeModel } }));
    expect(outcome).toMatchObject({ reason: 'hook-stopped', note: 'No helpers.' });
    model.assertSpent();
  });

  test('that stops a child stops it alone, and whoever delegated is told', async () => {
    await using house = await createHouse();
    const model = scriptedTeam({ 'You lead.': [{ toolCalls: [delegate('clerk')] }, 'So.'], 'You are clerk.': [] });
    const beforeModel: Hook = (_, { sessionId }) =>
      sessionId === 's' ? undefined : { action: 'stop', reason: 'Not you.' };
    const { outcome, messages } = await record(house.run(model, { ...team(member('clerk')), hooks: { beforeModel } }));
    expect(outcome).toMatchObject({ reason: 'done' });
    const result = textOf(messages.find(({ role }) => role === 'tool') ?? {});
    expect(JSON.parse(result)).toMatchObject({
      results: [{ status: 'interrupted', reason: 'hook-stopped', error: 'It was stopped: Not you.' }],
    });
    const [child] = (await house.agent.listChildren('s')) ?? [];
    expect((await house.agent.getTrace(child?.sessionId ?? ''))?.hooks).toMatchObject([{ action: 'stop' }]);
    expect((await house.agent.getTrace('s'))?.hooks).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }]);
  });
});

test('where there are no hooks, nothing is stored for them, and the trace has none', async () => {
  await using house = await createHouse();
  const more = { toolManager: managerOf(echoTool()), inputMessages: [{ role: 'user', content: 'Hello' }] } as const;
  await record(house.run(scriptedModel([echo('hi'), 'Done.']), { ...more, sessionId: 'without' }));
  await record(house.run(scriptedModel([echo('hi'), 'Done.']), { ...more, sessionId: 'empty', hooks: {} }));
  const [without, empty] = [await readSession(house.root, 'without'), await readSession(house.root, 'empty')];
  expect(empty.entries.map(({ type }) => type)).toEqual(without.entries.map(({ type }) => type));
  expect(without.entries.some(({ type }) => type === 'hook_ran' || type === 'state')).toBe(false);
  expect(await house.agent.getTrace('without')).not.toHaveProperty('hooks');
});
