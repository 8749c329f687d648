import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasCode } from './store-error.ts';

/**
 * Which process, exactly. A pid alone is soon another's, and in another pid namespace it is another's already. What the
 * system does not tell is left out.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly platform: string;
  readonly boot?: string;
  /** Clock ticks from boot to the process's start. */
  readonly started?: string;
  readonly pidNamespace?: string;
}

export function thisProcess(): ProcessIdentity {
  const boot = tryTo(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
  const started = tryTo(() => procStat(process.pid).started);
  const pidNamespace = tryTo(() => readlinkSync('/proc/self/ns/pid'));
  return {
    pid: process.pid,
    host: hostname(),
    platform: process.platform,
    ...(boot !== undefined && { boot }),
    ...(started !== undefined && { started }),
    ...(pidNamespace !== undefined && { pidNamespace }),
  };
}

/** Whether `other` runs, as `self` can see it: `unknown` from another host, boot or pid namespace. A zombie is gone. */
export function livenessOf(other: ProcessIdentity, self: ProcessIdentity): 'alive' | 'gone' | 'unknown' {
  if (other.host !== self.host || other.platform !== self.platform) return 'unknown';
  if (self.platform !== 'linux') return exists(other.pid) ? 'alive' : 'gone';

  const isVisible =
    self.boot !== undefined &&
    self.pidNamespace !== undefined &&
    self.boot === other.boot &&
    self.pidNamespace === other.pidNamespace;
  if (!isVisible || other.started === undefined) return 'unknown';

  const stat = tryTo(() => procStat(other.pid));
  // A mount option can hide other people's processes from /proc; a signal still finds them.
  if (stat === undefined) return exists(other.pid) ? 'alive' : 'gone';
  const isDead = stat.state === 'Z' || stat.state === 'X';
  return isDead || stat.started !== other.started ? 'gone' : 'alive';
}

/** proc(5): the fields after the command, which may itself hold blanks and brackets, begin with the third. */
function procStat(pid: number): { readonly state: string; readonly started: string } {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  if (state === undefined || started === undefined) throw new Error(`/proc/${pid}/stat has too few fields.`);
  return { state, started };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function tryTo<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
