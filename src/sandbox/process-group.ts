import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './file-error.ts';

const firstPollMs = 10;
/** What a killed group may take to vanish; a process stuck in the kernel is not waited for longer. */
const vanishMs = 500;

/**
 * SIGTERM to every process of the group `id`, then SIGKILL to whatever is left after `graceMs`. Resolves when the group is
 * gone, at the latest half a second after the SIGKILL.
 */
export async function killGroup(id: number, graceMs: number): Promise<void> {
  if (!send(-id, 'SIGTERM')) return;
  if (await isGoneWithin(id, graceMs)) return;
  send(-id, 'SIGKILL');
  await isGoneWithin(id, vanishMs);
}

/**
 * Whether there are processes left of a group whose leader, process `id`, has been reaped.
 *
 * The system gives the number to no new process while the group has a member: a process that has it is a stranger.
 */
export function hasOutlivedLeader(id: number): boolean {
  return send(-id, 0) && !send(id, 0);
}

async function isGoneWithin(id: number, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  for (let pollMs = firstPollMs; await hasLivingMember(id); pollMs *= 2) {
    const left = end - performance.now();
    if (left <= 0) return false;
    await delay(Math.min(pollMs, left));
  }
  return true;
}

/** In a container whose first process reaps nobody the dead of a group stay in it for ever: Linux tells them apart. */
async function hasLivingMember(id: number): Promise<boolean> {
  if (!send(-id, 0)) return false;
  if (process.platform !== 'linux') return true;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(processes.map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')));
  return states.some((stat) => {
    // proc_pid_stat(5): pid (name) state parent group …; the name may hold anything, brackets too.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === String(id) && state !== 'Z' && state !== 'X';
  });
}

/** Sends a signal, 0 only asks; false when nobody is there to get it. A negative target is a group. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return codeOf(error) !== 'ESRCH';
  }
}
