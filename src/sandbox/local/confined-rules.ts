import { SageError } from '../../errors.ts';
import type { ProcessRules } from '../processes.ts';
import { hasExited } from '../read-output.ts';
import type { Command } from '../start-command.ts';
import type { MemoryGroup } from './cgroup.ts';
import { endConfined } from './end-confined.ts';
import { childPidOf } from './loopback.ts';

/** How commands in a sandbox begin, end, and are judged. */
export function confinedRules(group: MemoryGroup | undefined): ProcessRules {
  let kills = 0;
  return {
    end: endConfined,
    async admit(command) {
      if (group !== undefined) await putInto(group, command);
    },
    async judge(result, command, errors) {
      // bwrap tells the code of what it ran; where it tells none, it did not come so far.
      if (result.endedBy === 'exit' && !(await tellsItsCode(command))) throw notStarted(errors);
      const killed = (await group?.killed()) ?? 0;
      const isNew = killed > kills;
      kills = killed;
      return isNew && result.exitCode !== 0 ? { ...result, endedBy: 'memory-limit' } : result;
    },
  };
}

/** The command waits at its gate meanwhile: nothing it starts can stay outside. */
async function putInto(group: MemoryGroup, command: Command): Promise<void> {
  while (childPidOf(command.reported()) === undefined && !hasExited(command)) await command.reportedMore();
  const pid = childPidOf(command.reported());
  // Killed meanwhile, it needs no group.
  if (pid !== undefined) await group.add(pid).catch(() => undefined);
  command.openGate();
}

/** It is told before bwrap exits; that it has exited may be heard first. With bwrap the pipe ends. */
async function tellsItsCode(command: Command): Promise<boolean> {
  while (!command.reported().includes('"exit-code"')) {
    if (command.hasReported()) return false;
    await command.reportedMore();
  }
  return true;
}

function notStarted(errors: string): SageError {
  const said = errors.trim();
  const message = `The sandbox of the command could not be made${said === '' ? '' : `: ${said}`}. Check that its folders can be reached by the user it runs as.`;
  return new SageError('sandbox-error', message, {});
}
