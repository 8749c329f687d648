import { readFile } from 'node:fs/promises';

/** The resident memory of a process and of all that descend from it, in bytes: pages that are shared count for each. */
export async function residentBytes(pid: number): Promise<number> {
  const all = await descendants(pid);
  const sizes = await Promise.all(all.map(residentPages));
  return sizes.reduce((sum, pages) => sum + pages, 0) * pageBytes;
}

// What is asked of has 4 KiB pages nearly everywhere; where they are larger, the limit is smaller than was said.
const pageBytes = 4_096;

async function descendants(pid: number): Promise<number[]> {
  const found = [pid];
  // It grows while it is walked.
  for (const one of found) found.push(...(await childrenOf(one)));
  return found;
}

/** Whatever cannot be read has ended meanwhile. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter((part) => part.trim() !== '')
    .map(Number);
}

/** proc_pid_statm(5): size resident shared … */
async function residentPages(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(text.split(' ')[1] ?? 0);
}
