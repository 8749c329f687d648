import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../file-error.ts';
import { killGroup } from '../process-group.ts';
import { hasExited } from '../read-output.ts';
import type { Command } from '../start-command.ts';
import { childPidOf } from './loopback.ts';

const pollMs = 10;
const vanishMs = 1_000;

/**
 * Ends a command in its sandbox: SIGTERM to its group, and after `graceMs` SIGKILL to the first process of its namespace,
 * with which the kernel ends all others, wherever they have fled to. Its own end does the same.
 */
export async function endConfined(command: Command, graceMs: number): Promise<void> {
  if (hasExited(command)) return;
  // Inside, the command leads a session of its own: its first process has the number of the group.
  const inner = childPidOf(command.reported());
  if (inner === undefined || !send(-inner, 'SIGTERM'))
    return await killGroup(command.pid, inner === undefined ? 0 : graceMs);
  if (await exitsWithin(command, graceMs)) return;
  send(inner, 'SIGKILL');
  if (await exitsWithin(command, vanishMs)) return;
  await killGroup(command.pid, 0);
}

async function exitsWithin(command: Command, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (!hasExited(command)) {
    if (performance.now() >= until) return false;
    await delay(pollMs);
  }
  return true;
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
