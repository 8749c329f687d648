import { expect } from 'vitest';
import {
  defineTool,
  type ChatModel,
  type ConfirmationAnswer,
  type RunOptions,
  type SAgent,
  type Tool,
} from '../../src/index.ts';
import { record, type Transcript } from '../../src/testing/index.ts';
import { yes } from './asking.ts';
import type { TestHouse } from './test-house.ts';

/** Begins a run that suspends what it has to ask, and reads it to its end. */
export const begin = (house: TestHouse, model: ChatModel, more: Partial<RunOptions>): Promise<Transcript> =>
  record(house.run(model, { whenApprovalNeeded: 'suspend', sessionId: 's', ...more }));

/** Goes on with it, as after a restart: another agent on the same sessions, with an empty memory. */
export const goOn = (house: TestHouse, model: ChatModel, more: Partial<RunOptions>): Promise<Transcript> =>
  record(
    house
      .restart()
      .runStream(house.options(model, { whenApprovalNeeded: 'suspend', sessionId: 's', inputMessages: [], ...more })),
  );

/** Answers what waits below a session in the order it was asked, as another process does; gives what was asked. */
export async function answerAll(
  agent: SAgent,
  answers: readonly Partial<ConfirmationAnswer>[] = [],
): Promise<readonly unknown[]> {
  const pending = await agent.listPendingConfirmations('s');
  for (const [place, { confirmation_id: id, digest }] of pending.entries())
    await agent.answerConfirmation('s', id, { ...yes, digest, ...answers[place] });
  expect(await agent.listPendingConfirmations('s')).toEqual([]);
  return pending.map(({ arguments: args }) => args);
}

export const waits = { status: 'waiting', reason: 'approval-required', phase: 'tools' };

/** Says that it was run, and with what. */
export const notingTool = (ran: string[], more: Partial<Tool> = {}): Tool => ({
  ...defineTool({
    name: 'note',
    description: 'Notes.',
    parameters: { properties: { text: { type: 'string' } }, required: ['text'] },
    execute: ({ text }) => {
      ran.push(text);
      return `noted ${text}`;
    },
  }),
  ...more,
});

export const note = (text: string) => ({ name: 'note', arguments: { text } });
