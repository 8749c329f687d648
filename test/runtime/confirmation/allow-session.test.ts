import { describe, expect, test } from 'vitest';
import { defineTool, type Tool } from '../../../src/index.ts';
import { scriptedModel, scriptedTeam } from '../../../src/testing/index.ts';
import { always, asked, pay, payTool, readAsked, yes, type ShownConfirmation } from '../../support/asking.ts';
import { delegate, member, team } from '../../support/team.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

const waiting = { whenApprovalNeeded: 'wait', sessionId: 's' } as const;

/** A run that makes these calls, one a step, and allows for the session whatever it is asked. Gives what it was asked. */
async function ask(
  house: TestHouse,
  tool: Tool,
  calls: readonly { readonly name: string; readonly arguments: object }[],
  answer: object = always,
): Promise<readonly ShownConfirmation[]> {
  const answers = [...calls.map((call) => ({ toolCalls: [call] })), 'Done.'];
  const run = house.run(scriptedModel(answers), { ...waiting, toolManager: managerOf(tool) });
  const allow = ({ confirmation_id: id }: ShownConfirmation) =>
    house.agent.answerConfirmation('s', id, { ...always, ...answer });
  const { chunks } = await readAsked(run, allow, { least: 0 });
  return asked(chunks);
}

/** Runs what it is told, and asks before. */
const shellTool = (ran: string[]): Tool =>
  defineTool({
    name: 'shell',
    description: 'Runs a command.',
    parameters: { properties: { command: { type: 'string' }, workdir: { type: 'string' } }, required: ['command'] },
    approval: 'ask',
    execute: ({ command, workdir = '' }) => void ran.push(`${workdir}$ ${command}`),
  });
const shell = (command: string, more: object = {}) => ({ name: 'shell', arguments: { command, ...more } });

describe('what is allowed for the session', () => {
  test('passes from then on, whatever its arguments, also in the next run and after a restart', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    expect(await ask(house, payTool(paid), [pay('a'), pay('b')])).toHaveLength(1);
    expect(await ask(house, payTool(paid), [pay('c')])).toEqual([]);
    const run = house.restart().runStream(
      house.options(scriptedModel([{ toolCalls: [pay('d')] }, 'Done.']), {
        sessionId: 's',
        toolManager: managerOf(payTool(paid)),
      }),
    );
    for await (const _ of run);
    expect(paid).toEqual(['a 1', 'b 1', 'c 1', 'd 1']);
  });

  test('is asked about again where the tool is described otherwise', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    await ask(house, payTool(paid), [pay('a')]);
    expect(await ask(house, payTool(paid, { description: 'Pays with gold.' }), [pay('b')])).toHaveLength(1);
  });

  test('is the tool that was asked about, and no other', async () => {
    await using house = await createHouse();
    await ask(house, payTool([]), [pay('a')]);
    const other = payTool([], { name: 'pay_more' });
    expect(await ask(house, other, [{ ...pay('a'), name: 'pay_more' }])).toHaveLength(1);
  });

  test('is of that session alone', async () => {
    await using house = await createHouse();
    await ask(house, payTool([]), [pay('a')]);
    const run = house.run(scriptedModel([{ toolCalls: [pay('a')] }, 'Done.']), {
      whenApprovalNeeded: 'wait',
      sessionId: 'other',
      toolManager: managerOf(payTool([])),
    });
    const { chunks } = await readAsked(run, ({ confirmation_id: id }) =>
      house.agent.answerConfirmation('other', id, yes),
    );
    expect(asked(chunks)).toHaveLength(1);
  });

  test('is nothing where it was allowed once', async () => {
    await using house = await createHouse();
    expect(await ask(house, payTool([]), [pay('a'), pay('a')], yes)).toHaveLength(2);
  });
});

describe('a command that is allowed for the session', () => {
  test('passes as it was run: neither another one nor the same in another folder', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const calls = [shell('npm test'), shell('npm test'), shell('npm publish'), shell('npm test', { workdir: '/etc' })];
    const questions = await ask(house, shellTool(ran), calls);
    expect(questions.map(({ arguments: args }) => args)).toEqual([
      { command: 'npm test' },
      { command: 'npm publish' },
      { command: 'npm test', workdir: '/etc' },
    ]);
    expect(ran).toHaveLength(4);
  });

  test('is the one it was changed to, not the one that was asked for', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const calls = [shell('rm -rf /'), shell('ls'), shell('rm -rf /')];
    const questions = await ask(house, shellTool(ran), calls, { arguments: { command: 'ls' } });
    expect(questions.map(({ arguments: args }) => args)).toEqual([{ command: 'rm -rf /' }, { command: 'rm -rf /' }]);
    expect(ran).toEqual(['$ ls', '$ ls', '$ ls']);
  });
});

test('what is allowed at a child of fibre passes at its siblings and at the root', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const model = scriptedTeam({
    'You are one.': [{ toolCalls: [pay('one')] }, 'Paid.'],
    'You are two.': [{ toolCalls: [pay('two')] }, 'Paid.'],
    'You lead.': [
      { toolCalls: [delegate('one')] },
      { toolCalls: [delegate('two')] },
      { toolCalls: [pay('root')] },
      'So.',
    ],
  });
  const run = house.run(model, {
    ...waiting,
    ...team(member('one'), member('two')),
    toolManager: managerOf(payTool(paid)),
  });
  const { chunks, outcome } = await readAsked(run, ({ confirmation_id: id }) =>
    house.agent.answerConfirmation('s', id, always),
  );
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(asked(chunks)).toHaveLength(1);
  expect(paid).toEqual(['one 1', 'two 1', 'root 1']);
});
