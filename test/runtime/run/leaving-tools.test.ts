import { describe, expect, test } from 'vitest';
import { defineTool, type Tool } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';

/** Tells of its progress once, and has its own way of being closed. */
const closingTool = (close: (signal: AbortSignal) => unknown): Tool =>
  defineTool({
    name: 'tidy',
    description: 'Tidies up when it is closed.',
    async *execute(_, { signal }) {
      try {
        yield 'begun';
      } finally {
        await close(signal);
      }
    },
  });

describe('a reader that leaves a tool which,', () => {
  test.each<[string, (signal: AbortSignal) => unknown, readonly string[]]>([
    ['when it is closed, tidies up', () => {}, []],
    ['when it is closed, throws', () => Promise.reject(new Error('I cannot tidy up.')), []],
    ['when it is closed, throws what its signal says', (signal) => signal.throwIfAborted(), []],
    ['when it is closed, hangs', () => new Promise(() => {}), ['tidy']],
  ])('%s, leaves nothing behind', async (_, close, abandonedTools) => {
    await using house = await createHouse();
    using strays = watchStrays();
    const run = house.run(scriptedModel([call('tidy')]), {
      toolManager: managerOf(closingTool(close)),
      sessionId: 's',
    });
    for await (const batch of run) if (batch.some(({ message_type }) => message_type === 'tool_progress')) break;
    expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'reader-gone', abandonedTools });
    expectAtRest(await readSession(house.root, 's'));
    expect(await strays.look()).toEqual(nothing);
  });
});
