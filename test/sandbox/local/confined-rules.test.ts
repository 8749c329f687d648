import { describe, expect, test } from 'vitest';
import { confinedRules } from '../../../src/sandbox/local/confined-rules.ts';
import type { Command } from '../../../src/sandbox/start-command.ts';

const ended = { exitCode: 0, endedBy: 'exit' } as const;

/** A command that has exited, and of whose report the pieces come later. */
function commandThatReports(pieces: readonly string[]): Command {
  const coming = [...pieces];
  let text = '';
  let hasReported = false;
  return {
    reported: () => text,
    hasReported: () => hasReported,
    async reportedMore() {
      const piece = coming.shift();
      if (piece === undefined) hasReported = true;
      else text += piece;
    },
  } as Command;
}

describe('the end of a confined command', () => {
  const { judge } = confinedRules(undefined);

  test('is its own, when that it has exited is heard before the code it told', async () => {
    const command = commandThatReports(['{ "child-pid": 7 }\n', '{ "exit-code": 0 }\n']);
    expect(await judge?.(ended, command, '')).toEqual(ended);
  });

  test('is an error where bwrap told no code: the command was not run', async () => {
    const command = commandThatReports(['{ "child-pid": 7 }\n']);
    await expect(judge?.(ended, command, 'bwrap: no')).rejects.toMatchObject({
      code: 'sandbox-error',
      message: expect.stringContaining('could not be made: bwrap: no.'),
    });
  });
});
