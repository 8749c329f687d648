import { expect, test } from 'vitest';
import { tellEndedCommands } from '../../src/agents/ended-commands.ts';
import { textOf } from '../../src/messages/message.ts';
import type { BackgroundCommand } from '../../src/sandbox/background.ts';
import { createWorld, read } from './helpers.ts';

/** A command that has ended, and whose output takes a moment to be read. */
function endedCommand(): BackgroundCommand {
  let isAcknowledged = false;
  return {
    id: 'shtask_1',
    command: 'make',
    result: { exitCode: 0, endedBy: 'exit' },
    totalBytes: 4,
    get isAcknowledged() {
      return isAcknowledged;
    },
    acknowledge: () => (isAcknowledged = true),
    read: async () => ({ text: 'made', nextOffset: 4 }),
  } as Partial<BackgroundCommand> as BackgroundCommand;
}

test('of a background command that ended two branches beside each other tell once', async () => {
  const world = createWorld();
  const command = endedCommand();
  const context = { ...world.context, endedCommands: () => [command] };
  await Promise.all([read(tellEndedCommands(context)), read(tellEndedCommands(context))]);
  const told = world.ledger.messages().filter((message) => textOf(message).includes('shtask_1'));
  expect(told).toHaveLength(1);
});
