import { expect, test } from 'vitest';
import { textOf, type ConfirmationAnswer, type Hooks } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { asked, pay, payTool, readAsked, refusedAs, told, yes } from '../../support/asking.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

/** Bob is to be paid 5: what somebody answers to that, and what comes of it. */
async function answered(answer: Partial<ConfirmationAnswer>, hooks: Hooks = {}) {
  await using house = await createHouse();
  const paid: string[] = [];
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob', 5)] }, 'Done.']), {
    whenApprovalNeeded: 'wait',
    sessionId: 's',
    toolManager: managerOf(payTool(paid)),
    hooks,
  });
  const { chunks, outcome } = await readAsked(run, ({ confirmation_id: id }) =>
    house.agent.answerConfirmation('s', id, { ...yes, ...answer }),
  );
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  return { paid, chunks, outcome, stored };
}

test('changed arguments are what is run, and the model is told of the change', async () => {
  const { paid, stored, chunks } = await answered({ arguments: { to: 'bob', amount: 4 } });
  expect(paid).toEqual(['bob 4']);
  expect(told(stored.messages)).toEqual(['The user has changed the arguments to {"to":"bob","amount":4}.\npaid bob']);
  const [, word] = chunks.filter(({ message_type }) => message_type === 'confirmation');
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(word?.metadata?.['confirmation']).toMatchObject({ arguments: { to: 'bob', amount: 4 }, digest });
  expect(word?.metadata?.['confirmation']).not.toMatchObject({ digest: asked(chunks)[0]?.digest });
  // What the model wrote is still what it wrote.
  expect(stored.messages.find(({ tool_calls }) => tool_calls)?.tool_calls?.[0]?.function.arguments).toContain('5');
});

test.each([[{ to: 'bob', amount: 0 }], [{ to: 'bob' }], [null], ['all of it']])(
  'changed arguments that do not fit the tool run nothing, and the model is told: %j',
  async (changed) => {
    const { paid, stored, outcome } = await answered({ arguments: changed });
    expect(paid).toEqual([]);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(callStatuses(stored)).toEqual(['error']);
    const [result] = stored.messages.filter(({ role }) => role === 'tool');
    const { error_code, message } = JSON.parse(textOf(result ?? {})) as Record<string, string>;
    expect(error_code).toBe('INVALID_ARGUMENT');
    expect(message).toContain(`The user has changed the arguments to ${JSON.stringify(changed)}.`);
    expect(stored.entries.some(({ type }) => type === 'intents')).toBe(false);
  },
);

test('changed arguments are shown to the hook as those of the model are: it may refuse them', async () => {
  const seen: unknown[] = [];
  const beforeTool: Hooks['beforeTool'] = ({ args }) => {
    seen.push(args);
    return (args as { amount: number }).amount > 9 ? { action: 'deny', reason: 'Too much.' } : undefined;
  };
  const { paid, stored } = await answered({ arguments: { to: 'bob', amount: 500 } }, { beforeTool });
  expect(paid).toEqual([]);
  expect(told(stored.messages)).toEqual(['Tool "pay" was not run. Too much.']);
  expect(seen).toEqual([
    { to: 'bob', amount: 5 },
    { to: 'bob', amount: 500 },
  ]);
});

test('arguments that come with a no are not looked at', async () => {
  const { paid, stored } = await answered({ decision: 'deny', arguments: { to: 'carl', amount: 0 } });
  expect(paid).toEqual([]);
  expect(told(stored.messages)).toEqual([expect.stringContaining('declined')]);
});

test('the digest, where it is given, must be that of what was shown', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob', 5)] }, 'Done.']), {
    whenApprovalNeeded: 'wait',
    sessionId: 's',
    toolManager: managerOf(payTool(paid)),
  });
  await readAsked(run, async ({ confirmation_id: id, digest }) => {
    const wrong = `${digest.startsWith('0') ? '1' : '0'}${digest.slice(1)}`;
    for (const given of [wrong, '', digest.toUpperCase()].filter((one) => one !== digest)) {
      const answer = house.agent.answerConfirmation('s', id, { ...yes, digest: given });
      await expect(answer).rejects.toMatchObject(refusedAs('digest'));
    }
    await house.agent.answerConfirmation('s', id, { ...yes, digest });
  });
  expect(paid).toEqual(['bob 5']);
});
