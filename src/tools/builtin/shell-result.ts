import type { BackgroundCommand } from '../../sandbox/background.ts';
import { createOutputLimit } from '../../sandbox/limit-output.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** Of one result's output; a longer one keeps its beginning and end here, and is in `output_file` as a whole. */
const outputBudgetBytes = 64 * 1024;
const savedPieceBytes = 1024 * 1024;

/** What the model reads of a command that has ended. Its own failure is no error of the call: the exit code tells it. */
export interface CompletedShell {
  readonly success: boolean;
  readonly status: 'completed';
  readonly task_id: string;
  readonly command: string;
  /** As a shell tells it: 128 and a signal's number where one ended it. */
  readonly exit_code: number;
  /** Only for a command that did not end by itself: what ended it. */
  readonly ended_by?: string;
  /** Standard output and standard error as they appeared. */
  readonly stdout: string;
  readonly stdout_truncated: boolean;
  readonly stdout_total_bytes: number;
  /** Where the whole output is, if it was truncated. */
  readonly output_file?: string;
}

/** What the model reads of one that runs on. */
export interface RunningShell {
  readonly success: true;
  readonly status: 'running';
  readonly task_id: string;
  readonly command: string;
  readonly running_for_ms: number;
  readonly output_bytes: number;
  /** The last of what it wrote. */
  readonly tail_output: string;
  /** Whether the pattern was found that was waited for. */
  readonly matched_pattern?: boolean;
  readonly message: string;
}

/** @throws {SageError} what the command failed to start with. */
export async function describeCompleted(sandbox: Sandbox, task: BackgroundCommand): Promise<CompletedShell> {
  const result = await task.kill();
  task.acknowledge();
  const limit = createOutputLimit(outputBudgetBytes);
  for await (const text of task.follow()) limit.add(text);
  const { text, leftOutBytes } = limit.limited();
  const truncated = leftOutBytes > 0;
  return {
    success: result.exitCode === 0 && result.endedBy === 'exit',
    status: 'completed',
    task_id: task.id,
    command: task.command,
    exit_code: result.exitCode,
    ...(result.endedBy === 'exit' ? {} : { ended_by: result.endedBy }),
    stdout: text,
    stdout_truncated: truncated,
    stdout_total_bytes: task.totalBytes,
    ...(truncated ? { output_file: await saveOutput(sandbox, task) } : {}),
  };
}

export async function describeRunning(task: BackgroundCommand, tailBytes: number): Promise<RunningShell> {
  const { text } = await task.read(Math.max(0, task.totalBytes - tailBytes), tailBytes);
  return {
    success: true,
    status: 'running',
    task_id: task.id,
    command: task.command,
    running_for_ms: Date.now() - task.startedAt.getTime(),
    output_bytes: task.totalBytes,
    tail_output: text,
    message:
      'The command runs on. You are told when it ends; await_shell waits for that or for a pattern in its output, kill_shell ' +
      'ends it. Do not start it again.',
  };
}

/** Writes it once, however often it is asked for. */
async function saveOutput(sandbox: Sandbox, task: BackgroundCommand): Promise<string> {
  const path = `${sandbox.workspace}/.sagents/output/${task.id}.log`;
  const saved = await sandbox.stat(path).catch(() => undefined);
  if (saved?.size === task.totalBytes) return path;
  let mode: 'overwrite' | 'append' = 'overwrite';
  for (let offset = 0; offset < task.totalBytes;) {
    const { text, nextOffset } = await task.read(offset, savedPieceBytes);
    await sandbox.writeFile(path, text, { mode });
    [offset, mode] = [nextOffset, 'append'];
  }
  return path;
}
