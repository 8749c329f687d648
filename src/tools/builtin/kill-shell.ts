import { defineTool, type Tool } from '../tool.ts';
import { describeCompleted, type CompletedShell } from './shell-result.ts';
import { findTask } from './shell-tasks.ts';

const parameters = {
  type: 'object',
  properties: { task_id: { type: 'string', minLength: 1, description: 'What execute_shell_command returned.' } },
  required: ['task_id'],
  additionalProperties: false,
} as const;

/** Ends a background command with everything it started. For one that has ended it only tells how. */
export const killShell: Tool = defineTool({
  name: 'kill_shell',
  description:
    'Ends a command that runs in the background, with everything it started: SIGTERM, and SIGKILL two seconds later. Returns its output.',
  parameters,
  effect: 'idempotent',
  sandbox: 'needed',
  async execute({ task_id }, { sandbox }): Promise<CompletedShell> {
    const task = findTask(sandbox, task_id, 'kill_shell');
    await task.kill();
    return await describeCompleted(sandbox, task);
  },
});
