import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { livenessOf, type ProcessIdentity } from './process-identity.ts';
import { hasCode } from './store-error.ts';

/** An owner we cannot see is dead after this long without renewal. */
const leaseMs = 30_000;

/**
 * Whether an owner from before, paused and taken over, may still write to the file that is the journal. It is told from
 * lock to lock until somebody has copied the journal to a new inode.
 */
export type JournalInode = 'own' | 'shared';

/** What the highest lock of a session says. `gone` is certain, `expired` is only silent. */
export interface LockState {
  /** 0 if there never was a lock. */
  readonly epoch: number;
  readonly state: 'free' | 'live' | 'gone' | 'expired';
  readonly journal: JournalInode;
  /** For people. */
  readonly owner: string;
}

/** The first line is about the journal, the second names the owner. Releasing a lock cuts the file, at most to nothing. */
export function toLockText(journal: JournalInode, owner: ProcessIdentity): string {
  return `${journal === 'shared' ? sharedText : ''}\n${JSON.stringify(owner)}\n`;
}

export function releasedBytes(journal: JournalInode): number {
  return journal === 'shared' ? sharedText.length : 0;
}

const sharedText = 'shared';

/** The highest lock, or the highest of those below an epoch. */
export function readLock(
  folder: string,
  self: ProcessIdentity,
  { below = Number.POSITIVE_INFINITY }: { readonly below?: number } = {},
): LockState {
  for (;;) {
    const epoch = epochsAmong(namesIn(folder)).find((each) => each < below);
    if (epoch === undefined) return { epoch: 0, state: 'free', journal: 'own', owner: 'nobody' };
    try {
      return { epoch, ...readState(lockPath(folder, epoch), self) };
    } catch (error) {
      // Unlinked since it was listed: there is a later one, or none.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

function readState(path: string, self: ProcessIdentity): Omit<LockState, 'epoch'> {
  const [first, second = ''] = readFileSync(path, 'utf8').split('\n');
  const journal = first === sharedText ? 'shared' : 'own';
  if (second === '') return { state: 'free', journal, owner: 'nobody' };

  const owner = parseOwner(second);
  if (owner === undefined) return { state: silence(path), journal, owner: 'an unknown process' };
  const name = `process ${owner.pid} on ${owner.host}`;
  switch (livenessOf(owner, self)) {
    case 'alive':
      return { state: 'live', journal, owner: name };
    case 'gone':
      return { state: 'gone', journal, owner: name };
    case 'unknown':
      return { state: silence(path), journal, owner: name };
  }
}

/** What the next owner must take the journal for. */
export function journalAfter(before: LockState): JournalInode {
  return before.state === 'expired' ? 'shared' : before.journal;
}

function silence(path: string): 'live' | 'expired' {
  return Date.now() - statSync(path).mtimeMs > leaseMs ? 'expired' : 'live';
}

/** `undefined` for what a loss of power may leave of a file that was never synced. */
function parseOwner(line: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(line) as Partial<ProcessIdentity>;
    return typeof owner.pid === 'number' ? (owner as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

export function lockPath(folder: string, epoch: number): string {
  return join(folder, `lock.${epoch}`);
}

/** The highest first. */
export function epochsAmong(names: readonly string[]): number[] {
  const epochs = names.map(epochOf);
  return epochs.filter((epoch) => epoch > 0).sort((a, b) => b - a);
}

/** 0 for a file that is no lock. */
export function epochOf(name: string): number {
  return Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0);
}

/** None where there is no folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
