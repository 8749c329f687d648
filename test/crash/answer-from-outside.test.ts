import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { SAgent, type SageError, type ConfirmationAnswer, type MessageChunk, type PendingConfirmation } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { askingAnswers, askingOptions, deedsIn } from './asking-program.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const sessionId = 's';
const yes: ConfirmationAnswer = { decision: 'allow-once', by: 'anna' };
const isQuestion = ({ message_type }: MessageChunk): boolean => message_type === 'confirmation';

/** A process whose run waits for a person, seen from another one. */
async function waiting(root: string, input: string): Promise<Victim> {
  const victim = new Victim({ root, sessionId, input, program: 'asking' });
  const count = input.split(',').length;
  await victim.until(({ chunks }) => chunks.filter(isQuestion).length === count);
  return victim;
}

const idsIn = async (agent: SAgent): Promise<string[]> =>
  (await agent.listPendingConfirmations(sessionId)).map(({ confirmation_id }: PendingConfirmation) => confirmation_id);

describe('a run that waits for a person in another process', () => {
  test('takes the answer at once, and whoever gave it knows that it is stored', async () => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, 'pay 5');
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [pending] = await agent.listPendingConfirmations(sessionId);
    const { confirmation_id: id = '', digest = '' } = pending ?? {};
    await agent.answerConfirmation(sessionId, id, { ...yes, digest, arguments: { ms: 7 } });
    expect(await agent.listPendingConfirmations(sessionId)).toEqual([]);
    await victim.ended();
    expect(victim.end).toMatchObject({ type: 'outcome', outcome: { reason: 'done' } });
    expect(deedsIn(root.path, sessionId)).toMatchObject([{ tool: 'pay', ms: 7 }]);
  });

  test('refuses there what it would refuse here, and the sender is told why', async () => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, 'pay 5, look 5');
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [id = '', other = ''] = await idsIn(agent);
    const refused = (why: string) => ({ code: 'confirmation-refused', facts: { why } });
    const wrong = agent.answerConfirmation(sessionId, id, { ...yes, digest: 'f'.repeat(64) });
    await expect(wrong).rejects.toMatchObject(refused('digest'));
    await expect(agent.answerConfirmation(sessionId, 'no-id', yes)).rejects.toMatchObject(refused('unknown'));

    // Two processes answer at once, and not the same: one of them is told that it came too late.
    await using third = new SAgent({ sessionRootSpace: root.path });
    const answers = await Promise.allSettled([
      agent.answerConfirmation(sessionId, id, { ...yes, arguments: { ms: 1 } }),
      third.answerConfirmation(sessionId, id, { ...yes, arguments: { ms: 2 } }),
    ]);
    expect(answers.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: refused('answered') }]);
    await agent.answerConfirmation(sessionId, other, { decision: 'deny', by: 'anna' });
    await victim.ended();
    const taken = answers[0]?.status === 'fulfilled' ? 1 : 2;
    expect(deedsIn(root.path, sessionId)).toMatchObject([{ tool: 'pay', ms: taken }]);
  });

  test('has ended when the answer comes: the sender is told', async () => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, 'pay 5');
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [id = ''] = await idsIn(agent);
    const [stopped, answer] = await Promise.allSettled([
      agent.interruptSession(sessionId),
      agent.answerConfirmation(sessionId, id, yes),
    ]);
    expect(stopped).toMatchObject({ value: true });
    // Whichever came first, nothing has run that nobody was told of.
    await victim.ended();
    const came = answer.status === 'rejected' ? (answer.reason as SageError).facts : 'in time';
    expect(['in time', expect.objectContaining({ why: 'answered' })]).toContainEqual(came);
    expect(deedsIn(root.path, sessionId).length).toBeLessThanOrEqual(came === 'in time' ? 1 : 0);
    const late = agent.answerConfirmation(sessionId, id, yes);
    await expect(late).rejects.toMatchObject({ facts: { why: 'answered' } });
  });
});

test('rubbish in the inbox answers nothing', async () => {
  using root = new TemporaryRoot();
  await using one = new SAgent({ sessionRootSpace: root.path });
  await using two = new SAgent({ sessionRootSpace: root.path });
  const options = askingOptions({ root: root.path, sessionId, input: 'pay 5', model: scriptedModel(askingAnswers()) });
  const { done } = await one.startRun(options);
  let id = '';
  while (id === '') {
    await setTimeout(5);
    [id = ''] = await idsIn(two);
  }
  const answer = { type: 'answer', confirmation_id: id, ...yes };
  const rubbish = [
    { type: 'answer' },
    { ...answer, decision: 'allow' },
    { ...answer, decision: undefined },
    { ...answer, by: 7 },
    { ...answer, confirmation_id: 'no-id' },
    { ...answer, session_id: 'nobody' },
    { ...answer, digest: 'f00' },
    { ...answer, answer: 'To no question.' },
  ];
  mkdirSync(root.file('~inbox'), { recursive: true });
  for (const [place, message] of rubbish.entries())
    writeFileSync(root.file('~inbox', `${sessionId}~${place}.json`), JSON.stringify(message));
  while (readdirSync(root.file('~inbox')).length > 0) await setTimeout(5);
  expect(await idsIn(two)).toEqual([id]);
  expect(deedsIn(root.path, sessionId)).toEqual([]);
  await two.answerConfirmation(sessionId, id, yes);
  expect(await done).toMatchObject({ reason: 'done' });
  expect(deedsIn(root.path, sessionId)).toHaveLength(1);
});

describe('a process that is killed', () => {
  test('while its run waits: the answer is stored all the same, and another process runs the call, once', async () => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, 'pay 5, look 5');
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [id = '', other = ''] = await idsIn(agent);
    await victim.kill();
    await agent.answerConfirmation(sessionId, id, { ...yes, arguments: { ms: 3 } });
    await using next = new SAgent({ sessionRootSpace: root.path });
    await next.answerConfirmation(sessionId, other, yes);
    const model = scriptedModel(askingAnswers());
    const { outcome, text } = await record(next.runStream(askingOptions({ root: root.path, sessionId, model })));
    expect([outcome.reason, text]).toEqual(['done', 'All done.']);
    expect(
      deedsIn(root.path, sessionId)
        .map(({ tool, ms }) => `${tool} ${ms}`)
        .toSorted(),
    ).toEqual(['look 5', 'pay 3']);
  });

  test('with an answer on its way that nobody has taken: it is stored when the process is known to be dead', async () => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, 'pay 5');
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [id = ''] = await idsIn(agent);
    victim.signal('SIGSTOP');
    const answer = agent.answerConfirmation(sessionId, id, yes);
    await victim.kill();
    await answer;
    const model = scriptedModel(askingAnswers());
    await record(agent.runStream(askingOptions({ root: root.path, sessionId, model })));
    expect(deedsIn(root.path, sessionId)).toMatchObject([{ tool: 'pay', ms: 5 }]);
  });

  test('between the answer and the call: another process runs it, once, as it was changed', async () => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, 'pay 5 and stall');
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [id = ''] = await idsIn(agent);
    await agent.answerConfirmation(sessionId, id, { ...yes, arguments: { ms: 4 } });
    await victim.until(({ chunks }) => chunks.filter(isQuestion).length === 2);
    await victim.kill();
    expect(deedsIn(root.path, sessionId)).toEqual([]);
    const model = scriptedModel(askingAnswers());
    const { outcome } = await record(agent.runStream(askingOptions({ root: root.path, sessionId, model })));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(deedsIn(root.path, sessionId)).toMatchObject([{ tool: 'pay', ms: 4 }]);
  });

  test.each([
    ['pay', 1, 'may or may not have run'],
    ['save', 2, 'did not end within 50 ms'],
  ])('while %s runs: it runs %i times in all, and nobody is asked anew', async (tool, times, word) => {
    using root = new TemporaryRoot();
    await using victim = await waiting(root.path, `${tool} 60000`);
    await using agent = new SAgent({ sessionRootSpace: root.path });
    const [id = ''] = await idsIn(agent);
    await agent.answerConfirmation(sessionId, id, yes);
    while (deedsIn(root.path, sessionId).length === 0) await setTimeout(5);
    await victim.kill();
    const model = scriptedModel(askingAnswers());
    const options = askingOptions({ root: root.path, sessionId, model }, { deadlines: { toolMs: 50 } });
    const { chunks, outcome } = await record(agent.runStream(options));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(chunks.filter(isQuestion)).toEqual([]);
    expect(deedsIn(root.path, sessionId)).toHaveLength(times);
    const results = chunks.filter(({ message_type }) => message_type === 'tool_call_result');
    expect(JSON.stringify(results)).toContain(word);
  });
});
