import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a session's lock look as if its owner lived in another pid namespace and had not renewed it for 31 s: whoever wants
 * the session now must take it for dead, while it lives.
 */
export function disown(root: string, sessionId: string): void {
  const folder = join(root, sessionId);
  const lock = join(folder, readdirSync(folder).find((name) => name.startsWith('lock.')) ?? '');
  const [journal = '', owner = ''] = readFileSync(lock, 'utf8').split('\n');
  const foreign = { ...(JSON.parse(owner) as object), pidNamespace: 'pid:[1]' };
  writeFileSync(lock, `${journal}\n${JSON.stringify(foreign)}\n`);
  const then = Date.now() / 1000 - 31;
  utimesSync(lock, then, then);
}
