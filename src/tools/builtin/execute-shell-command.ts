import type { InferArguments } from '../input-schema.ts';
import { defineTool, type SandboxToolContext, type Tool } from '../tool.ts';
import { describeCompleted, describeRunning, type CompletedShell, type RunningShell } from './shell-result.ts';

const parameters = {
  type: 'object',
  properties: {
    command: {
      type: 'string',
      minLength: 1,
      description: 'The command line, run by /bin/sh -c. Standard input is empty.',
    },
    workdir: {
      type: 'string',
      description: 'The folder to run in, absolute or relative to the workspace. Default: the workspace.',
    },
    block_until_ms: {
      type: 'integer',
      minimum: 0,
      maximum: 270_000,
      default: 30_000,
      description:
        'How long to wait for its end. After that it runs on in the background; 0 puts it there at once, as for a server.',
    },
    env_vars: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Variables added to its environment.',
    },
  },
  required: ['command'],
  additionalProperties: false,
} as const;

/** Of the output of a command that runs on. */
const tailBytes = 8 * 1024;

/**
 * Runs a shell command. Yields its output as text as it appears, and returns how it ended, or that it runs on. When the call
 * is aborted meanwhile, the command is killed.
 */
export const executeShellCommand: Tool = defineTool({
  name: 'execute_shell_command',
  description:
    'Runs a shell command in the workspace and returns its exit code and output (standard output and error together). A ' +
    'non-zero exit code is a normal result. Long output keeps its beginning and end, and output_file has all of it. The ' +
    'command gets no input and no terminal: pass what it would ask for as options. What it leaves running with & ends with ' +
    'it: start servers and other long work with block_until_ms 0, then use await_shell and kill_shell with its task_id.',
  parameters,
  effect: 'once',
  sandbox: 'needed',
  shell: { command: 'command', folder: 'workdir', environment: 'env_vars' },
  execute: run,
});

async function* run(
  { command, workdir, block_until_ms, env_vars }: InferArguments<typeof parameters>,
  { sandbox, signal }: SandboxToolContext,
): AsyncGenerator<string, CompletedShell | RunningShell> {
  const task = await sandbox.spawn(command, {
    ...(workdir === undefined ? {} : { cwd: workdir }),
    ...(env_vars === undefined ? {} : { env: env_vars as Readonly<Record<string, string>> }),
  });
  let end: 'ended' | 'timeout' | undefined;
  try {
    end = yield* task.follow({ timeoutMs: block_until_ms, signal });
  } catch (error) {
    // What it wrote until it was stopped is worth telling.
    if (!signal.aborted) throw error;
    end = 'ended';
  } finally {
    // Nobody reads on, and nobody could ask for it later.
    if (end === undefined) await task.kill();
    if (end === undefined) task.acknowledge();
  }
  return end === 'ended' ? await describeCompleted(sandbox, task) : await describeRunning(task, tailBytes);
}
