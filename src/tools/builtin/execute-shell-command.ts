import { createOutputLimit, type OutputLimit } from '../../sandbox/limit-output.ts';
import type { ExecResult, OutputPiece } from '../../sandbox/sandbox.ts';
import type { InferArguments } from '../input-schema.ts';
import { defineTool, type SandboxToolContext, type Tool } from '../tool.ts';

/** Of standard output and standard error together, in what goes to the model. */
const outputBudgetBytes = 64 * 1024;

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
  },
  required: ['command'],
  additionalProperties: false,
} as const;

/** What the model reads. The command's own failure is no error of the call: the exit code tells it. */
interface ShellResult {
  readonly success: boolean;
  readonly exit_code: number | null;
  /** Only for a command that a signal ended. */
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether bytes were left out of `stdout` or `stderr`; a line in their middle tells how many. */
  readonly truncated: boolean;
}

/**
 * Runs a shell command to its end. Yields its output as text as it appears, and returns how it ended with the head and
 * tail of what it wrote. When the call is aborted the command is killed, and the result holds what it wrote until then.
 */
export const executeShellCommand: Tool = defineTool({
  name: 'execute_shell_command',
  description:
    'Runs a shell command in the workspace, waits until it ends, and returns its exit code and output. ' +
    'A non-zero exit code is a normal result. Long output keeps its beginning and end; redirect it to a file to read it ' +
    'in parts. The command gets no input and no terminal: pass what it would ask for as options. A command that never ' +
    'ends, such as a server, must be started with & and its output redirected to a file; it runs on until the sandbox closes.',
  parameters,
  effect: 'once',
  sandbox: 'needed',
  execute: run,
});

async function* run(
  { command, workdir }: InferArguments<typeof parameters>,
  { sandbox, signal }: SandboxToolContext,
): AsyncGenerator<string, ShellResult> {
  const stdout = createOutputLimit(outputBudgetBytes);
  const stderr = createOutputLimit(outputBudgetBytes);
  let end: ExecResult = { exitCode: null, signal: null };
  async function* output(): AsyncGenerator<OutputPiece> {
    end = yield* sandbox.exec(command, { signal, ...(workdir === undefined ? {} : { cwd: workdir }) });
  }
  for await (const { stream, text } of output()) {
    (stream === 'stdout' ? stdout : stderr).add(text);
    yield text;
  }
  const out = stdout.limited(shareBeside(stderr));
  const err = stderr.limited(shareBeside(stdout));
  return {
    success: end.exitCode === 0,
    exit_code: end.exitCode,
    ...(end.signal === null ? {} : { signal: end.signal }),
    stdout: out.text,
    stderr: err.text,
    truncated: out.leftOutBytes + err.leftOutBytes > 0,
  };
}

/** Half of the budget for each stream, and more for one where `other` does not need its half. */
function shareBeside(other: OutputLimit): number {
  return Math.max(outputBudgetBytes / 2, outputBudgetBytes - other.totalBytes);
}
