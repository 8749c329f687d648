import { SageError, messageOf } from '../../errors.ts';
import type { InferArguments } from '../input-schema.ts';
import { defineTool, type SandboxToolContext, type Tool } from '../tool.ts';
import { describeCompleted, describeRunning, type CompletedShell, type RunningShell } from './shell-result.ts';
import { findTask } from './shell-tasks.ts';

const parameters = {
  type: 'object',
  properties: {
    task_id: { type: 'string', minLength: 1, description: 'What execute_shell_command returned.' },
    block_until_ms: {
      type: 'integer',
      minimum: 0,
      maximum: 3_600_000,
      default: 600_000,
      description: 'How long to wait.',
    },
    pattern: {
      type: 'string',
      minLength: 1,
      description:
        'A JavaScript regular expression: also return as soon as the output has a match, such as "listening on". Output written before counts.',
    },
  },
  required: ['task_id'],
  additionalProperties: false,
} as const;

const tailBytes = 8 * 1024;

/** Waits for a background command: its end, a match in its output, or the time. It runs on if the call is aborted. */
export const awaitShell: Tool = defineTool({
  name: 'await_shell',
  description:
    'Waits for a command that runs in the background, until it ends, its output matches a pattern, or the time is up, and ' +
    'returns its result or how it stands. Works for commands that have ended too.',
  parameters,
  effect: 'none',
  sandbox: 'needed',
  // It may wait longer than other tools run.
  timeoutMs: 3_700_000,
  execute: run,
});

async function run(
  { task_id, block_until_ms, pattern }: InferArguments<typeof parameters>,
  { sandbox, signal }: SandboxToolContext,
): Promise<CompletedShell | RunningShell> {
  const task = findTask(sandbox, task_id, 'await_shell');
  const compiled = pattern === undefined ? {} : { pattern: compile(pattern) };
  const end = await task.wait({ timeoutMs: block_until_ms, signal, ...compiled });
  if (task.result !== undefined) return await describeCompleted(sandbox, task);
  const running = await describeRunning(task, tailBytes);
  return pattern === undefined ? running : { ...running, matched_pattern: end === 'matched' };
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'm');
  } catch (cause) {
    const message = `The pattern is no regular expression: ${messageOf(cause)}. Escape what is meant literally.`;
    throw new SageError('tool-error', message, { tool: 'await_shell' }, { cause });
  }
}
