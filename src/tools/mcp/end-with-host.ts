/** Groups of processes that are not to outlive this one. A process has one end, so this is one list for all. */
const groups = new Set<number>();

/**
 * Kills the process group `id` when this process exits without having ended it. One that is itself killed cannot: then it is the
 * end of their standard input that tells the servers.
 */
export function endWithHost(id: number): Disposable {
  if (groups.size === 0) process.on('exit', killAll);
  groups.add(id);
  return {
    [Symbol.dispose]() {
      groups.delete(id);
      if (groups.size === 0) process.off('exit', killAll);
    },
  };
}

function killAll(): void {
  for (const id of groups) {
    try {
      process.kill(-id, 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
}
