import { describe, expect, test } from 'vitest';
import { askUser, type ConfirmationAnswer } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { asked, no, readAsked, refusedAs, told, yes } from '../../support/asking.ts';
import { callStatuses, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';

const question = { question: 'Red or blue?', options: ['red', 'blue'] };
const toolManager = managerOf(askUser);
const asking = { toolManager, sessionId: 's' } as const;
const script = () => scriptedModel([call('ask_user', question), 'Done.']);

describe('ask_user', () => {
  test.each<[string, unknown, unknown]>([
    ['text', 'blue', 'blue'],
    ['nothing much', '', ''],
    ['any JSON', { colour: 'red', sure: false }, { colour: 'red', sure: false }],
  ])('shows the question with its options, and gives the model the answer: %s', async (_, answer, expected) => {
    await using house = await createHouse();
    const run = house.run(script(), { ...asking, whenApprovalNeeded: 'wait' });
    const { chunks, outcome } = await readAsked(run, ({ confirmation_id: id }) =>
      house.agent.answerConfirmation('s', id, { ...yes, answer }),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(asked(chunks)).toMatchObject([
      { kind: 'question', tool: 'ask_user', reason: 'Red or blue?', arguments: question },
    ]);
    expect(told((await readSession(house.root, 's')).messages)).toEqual([JSON.stringify({ answer: expected })]);
  });

  test('may be declined', async () => {
    await using house = await createHouse();
    const run = house.run(script(), { ...asking, whenApprovalNeeded: 'wait' });
    await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, no));
    const stored = await readSession(house.root, 's');
    expect(callStatuses(stored)).toEqual(['error']);
    expect(told(stored.messages)).toEqual([expect.stringContaining('The user has declined it.')]);
  });

  test.each<[string, Partial<ConfirmationAnswer>]>([
    ['no answer', {}],
    ['other arguments', { arguments: { question: 'Green?' } }],
    ['an answer and other arguments', { answer: 'red', arguments: { question: 'Green?' } }],
  ])('is not answered with %s', async (_, more) => {
    await using house = await createHouse();
    const run = house.run(script(), { ...asking, whenApprovalNeeded: 'wait' });
    const { chunks } = await readAsked(run, async ({ confirmation_id: id }) => {
      await expect(house.agent.answerConfirmation('s', id, { ...yes, ...more })).rejects.toMatchObject(
        refusedAs('kind'),
      );
      await house.agent.answerConfirmation('s', id, no);
    });
    expect(asked(chunks)).toHaveLength(1);
  });

  test('asks again each time, also where an answer was for the session', async () => {
    await using house = await createHouse();
    const model = scriptedModel([call('ask_user', question), call('ask_user', question), 'Done.']);
    const run = house.run(model, { ...asking, whenApprovalNeeded: 'wait' });
    const { chunks } = await readAsked(run, ({ confirmation_id: id }) =>
      house.agent.answerConfirmation('s', id, { decision: 'allow-session', by: 'anna', answer: 'red' }),
    );
    expect(asked(chunks)).toHaveLength(2);
  });

  test('is suspended, answered days later in another process, and gone on with', async () => {
    await using house = await createHouse();
    const first = await record(house.run(script(), { ...asking, whenApprovalNeeded: 'suspend' }));
    expect(first.outcome).toMatchObject({ status: 'waiting', reason: 'approval-required' });
    const other = house.restart();
    const [pending] = await other.listPendingConfirmations('s');
    await other.answerConfirmation('s', pending?.confirmation_id ?? '', { ...yes, answer: 'blue' });
    const model = scriptedModel(['Blue it is.']);
    const options = house.options(model, { ...asking, inputMessages: [], whenApprovalNeeded: 'suspend' });
    expect(await record(other.runStream(options))).toMatchObject({ text: 'Blue it is.', outcome: { reason: 'done' } });
    expect(told((await readSession(house.root, 's')).messages)).toEqual(['{"answer":"blue"}']);
  });
});
