import { expect } from 'vitest';
import { z } from 'zod';
import { defineTool, type ConfirmationAnswer, type RunOptions, type Tool } from '../../src/index.ts';
import { scriptedModel } from '../../src/testing/index.ts';
import type { SchemaLike } from '../../src/tools/input-schema.ts';
import { asked, readAsked, told, yes } from './asking.ts';
import { expectAtRest, readSession } from './journal.ts';
import { answerAll, begin, goOn, waits } from './suspending.ts';
import { createHouse, type TestHouse } from './test-house.ts';
import { managerOf } from './tools.ts';

/** Keeps what it was run with. */
export const keepingTool = (ran: unknown[], parameters: SchemaLike): Tool =>
  defineTool({
    name: 'pay',
    description: 'Pays.',
    parameters,
    approval: 'ask',
    execute: (args) => void ran.push(args),
  });

export const payWith = (args: object) => scriptedModel([{ toolCalls: [{ name: 'pay', arguments: args }] }, 'Done.']);

export const withDefault = (amount: number): SchemaLike =>
  z.object({ to: z.string(), amount: z.number().default(amount) });
export const inCents = (factor: number): SchemaLike =>
  z.object({ euros: z.number().transform((euros) => euros * factor), note: z.string().default('') });

/** A deployment whose tool has these parameters asks, each of the others goes on once what waits has been answered. */
export async function deployed(
  house: TestHouse,
  model: object,
  [first, ...others]: readonly SchemaLike[],
  answers: readonly Partial<ConfirmationAnswer>[] = [],
  more: Partial<RunOptions> = {},
) {
  const ran: unknown[] = [];
  const shown: unknown[] = [];
  const options = (parameters: SchemaLike) => ({ toolManager: managerOf(keepingTool(ran, parameters)) });
  let transcript = await begin(house, payWith(model), options(first ?? {}));
  for (const [turn, parameters] of others.entries()) {
    expect(transcript.outcome).toMatchObject(waits);
    shown.push(...(await answerAll(house.restart(), answers.slice(turn))));
    transcript = await goOn(house, scriptedModel(['Done.']), { ...options(parameters), ...more });
  }
  return { ran, shown, ...transcript };
}

interface Waited {
  readonly answer?: (shown: object) => Partial<ConfirmationAnswer>;
  readonly more?: Partial<RunOptions>;
}

/** A run that waits for its person; gives what they were shown, and what was run. */
export async function waited(parameters: SchemaLike, model: object, { answer = () => ({}), more = {} }: Waited = {}) {
  await using house = await createHouse();
  const ran: unknown[] = [];
  const toolManager = managerOf(keepingTool(ran, parameters));
  const run = house.run(payWith(model), { whenApprovalNeeded: 'wait', sessionId: 's', toolManager, ...more });
  const { chunks } = await readAsked(run, ({ confirmation_id: id, digest, arguments: args }) =>
    house.agent.answerConfirmation('s', id, { ...yes, digest, ...answer(args as object) }),
  );
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  return { ran, shown: asked(chunks).map((one) => one.arguments), told: told(stored.messages) };
}
