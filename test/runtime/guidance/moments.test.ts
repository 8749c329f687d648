import { describe, expect, test } from 'vitest';
import type { Run, SAgent } from '../../../src/index.ts';
import { scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, expectPaired, texts } from '../../support/guidance.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

type Inject = () => Promise<string>;

/** A run with one call and an answer, and after it one more answer if guidance asks for it. */
interface Story {
  readonly answers: (inject: Inject) => readonly ScriptedAnswer[];
  readonly onTool?: boolean;
  readonly onBatch?: (batch: number) => boolean;
}

const plain: readonly ScriptedAnswer[] = [echo('hi'), { text: ['I ', 'am done'] }, 'Then so'];

/** Where it is injected, and in which request the model sees it. */
const moments: [string, number, Story][] = [
  [
    'while the first request is made',
    1,
    { answers: (inject) => [async () => (await inject(), echo('hi')), ...plain.slice(1)] },
  ],
  [
    'while the model writes its call',
    1,
    { answers: (inject) => [{ ...echo('hi'), at: { 1: inject } }, ...plain.slice(1)] },
  ],
  ['while its tools run', 1, { answers: () => plain, onTool: true }],
  ['while the reader holds the result', 1, { answers: () => plain, onBatch: (batch) => batch === 3 }],
  [
    'before the last answer begins',
    2,
    { answers: (inject) => [echo('hi'), async () => (await inject(), 'I am done'), 'Then so'] },
  ],
  [
    'in the middle of the last answer',
    2,
    { answers: (inject) => [echo('hi'), { text: ['I ', 'am done'], at: { 1: inject } }, 'Then so'] },
  ],
  [
    'at the end of the last answer',
    2,
    { answers: (inject) => [echo('hi'), { text: ['I ', 'am done'], at: { 3: inject } }, 'Then so'] },
  ],
  ['while the reader holds the last piece', 2, { answers: () => plain, onBatch: (batch) => batch === 6 }],
];

describe('guidance injected', () => {
  test.each(moments)('%s is in request %i', async (_, request, { answers, onTool = false, onBatch }) => {
    await using house = await createHouse();
    const injected: Promise<string>[] = [];
    const inject = () => {
      const done = house.agent.injectUserMessage('s', 'Be quick', { guidanceId: 'g' });
      injected.push(done);
      return done;
    };
    const echoing = echoTool();
    const execute: typeof echoing.execute = async (args, context) => {
      if (onTool) await inject();
      return echoing.execute(args, context);
    };
    const model = scriptedModel(answers(inject));
    const run = house.run(model, { sessionId: 's', toolManager: managerOf({ ...echoing, execute }) });
    const seen = await read(run, (batch) => void (onBatch?.(batch) && inject()));

    expect(await Promise.all(injected)).toEqual(['g']);
    expect(await run.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    const asked = conversations(model);
    for (const conversation of asked) expectPaired(conversation);
    expect(asked.findIndex((conversation) => texts(conversation).includes('Be quick'))).toBe(request);
    expect(texts(asked.at(-1)).filter((text) => text === 'Be quick')).toHaveLength(1);
    expect(seen.filter(({ metadata }) => metadata?.['guidance_id'] === 'g')).toMatchObject([
      { role: 'user', content: 'Be quick', metadata: { injected: true, source: 'guidance' } },
    ]);
  });
});

describe('guidance injected around a run', () => {
  const notLive = { code: 'session-not-live', facts: { sessionId: 's' } };
  const inject = (agent: SAgent) => agent.injectUserMessage('s', 'Be quick');

  test('is refused before its first next()', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel(['Hi']), { sessionId: 's' });
    await expect(inject(house.agent)).rejects.toMatchObject(notLive);
    await read(run);
  });

  test('is taken while it is being opened, and is in its first request', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hi']);
    const run = house.run(model, { sessionId: 's' });
    const first = run.next();
    await inject(house.agent);
    await first;
    await read(run);
    expect(texts(conversations(model)[0])).toEqual(['Hello', 'Be quick']);
  });

  test('is refused once it is closing, and when it has ended', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
    await run.next();
    const leaving = run.return();
    await expect(inject(house.agent)).rejects.toMatchObject(notLive);
    await leaving;
    await expect(inject(house.agent)).rejects.toMatchObject(notLive);
    expect(await house.agent.listPendingUserInjections('s')).toEqual([]);
  });

  test('is refused by a run that was refused itself', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([]), { sessionId: 's', inputMessages: [] });
    const first = run.next();
    await expect(inject(house.agent)).rejects.toMatchObject(notLive);
    await expect(first).rejects.toMatchObject({ code: 'session-not-found' });
  });

  test('is refused with the owner’s name where another agent runs it', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
    await run.next();
    const refused = { code: 'session-not-live', facts: { sessionId: 's', owner: expect.any(String) } };
    await expect(inject(house.restart())).rejects.toMatchObject(refused);
    await run.return();
  });
});

async function read(run: Run, onBatch: (batch: number) => void = () => {}) {
  const chunks = [];
  let batches = 0;
  for await (const batch of run) {
    chunks.push(...batch);
    onBatch((batches += 1));
  }
  return chunks;
}
