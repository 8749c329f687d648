import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What the tests need besides Node, each with its Debian package. */
const programs = [
  { path: '/usr/bin/bwrap', from: 'bubblewrap' },
  { path: '/usr/bin/rg', from: 'ripgrep' },
  { path: '/usr/bin/python3', from: 'python3-minimal' },
  { path: '/usr/bin/chromium', from: 'chromium' },
] as const;

/** Once before all tests: installs what is missing where it may, and otherwise says in one line what to install. */
export function setup(): void {
  const missing = programs.filter(({ path }) => !existsSync(path)).map(({ from }) => from);
  if (missing.length === 0) return;
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!isDebianRoot) throw new Error(`The tests need, as root: apt-get install -y ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env, stdio: 'ignore' });
}
