import type { OptionShape } from '../read-options.ts';

/** How to find the command that another one runs. */
export interface Wrapper extends OptionShape {
  /** How many arguments of its own stand in front of the command. Default 0. */
  readonly operands?: number;
  /** Options whose value is text for a shell. */
  readonly text?: readonly string[];
  /** What it joins to text for a shell: its arguments, or also those that stand behind the text of an option. */
  readonly joins?: 'arguments' | 'text-and-arguments';
  /** Options with which it runs nothing. */
  readonly idle?: string;
  /** Options whose value is the folder it works in. */
  readonly folder?: readonly string[];
  /** Options with which it begins in the home of whom it works for. A `-` does the same. */
  readonly login?: readonly string[];
  /** The folder it always begins in. */
  readonly root?: string;
}

/** Commands that run the command in their arguments, after options and operands of their own. */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  'env': {
    text: ['S', 'split-string'],
    joins: 'text-and-arguments',
    valued: 'SuCa',
    longValued: ['split-string', 'unset', 'chdir', 'argv0'],
    folder: ['C', 'chdir'],
  },
  'nice': { valued: 'n', longValued: ['adjustment'] },
  'nohup': {},
  'setsid': {},
  'stdbuf': { valued: 'ioe', longValued: ['input', 'output', 'error'] },
  'timeout': { valued: 'ks', longValued: ['kill-after', 'signal'], operands: 1 },
  'gtimeout': { valued: 'ks', longValued: ['kill-after', 'signal'], operands: 1 },
  'time': { valued: 'fo', longValued: ['format', 'output'] },
  'chrt': { valued: 'TPD', operands: 1, idle: 'pm' },
  'taskset': { operands: 1, idle: 'p' },
  'ionice': { valued: 'cnpPu', longValued: ['class', 'classdata'] },
  'numactl': { valued: 'iNCmpPl' },
  'prlimit': { idle: 'p' },
  'choom': { valued: 'n', idle: 'p' },
  'cpulimit': { valued: 'lepP' },
  'command': { idle: 'vV' },
  'builtin': {},
  'exec': { valued: 'a' },
  'coproc': {},
  'busybox': {},
  'toybox': {},
  'sudo': {
    valued: 'ughpCTRDUrtc',
    longValued: ['user', 'group', 'host', 'prompt', 'close-from', 'chroot', 'chdir', 'other-user', 'role', 'type'],
    folder: ['D', 'chdir'],
    login: ['i', 'login'],
  },
  'doas': { valued: 'uCa' },
  'pkexec': { longValued: ['user'] },
  'gosu': { operands: 1 },
  'su-exec': { operands: 1 },
  'su': {
    text: ['c', 'command', 'session-command'],
    valued: 'cgGsw',
    longValued: ['command', 'group', 'shell'],
    operands: 99,
    login: ['l', 'login'],
  },
  'runuser': {
    text: ['c', 'command', 'session-command'],
    valued: 'cgGsuw',
    longValued: ['command', 'group', 'user'],
    login: ['l', 'login'],
  },
  'sg': { text: ['c'], valued: 'c', operands: 1 },
  'setpriv': { longValued: ['reuid', 'regid', 'groups', 'inh-caps', 'ambient-caps', 'bounding-set', 'securebits'] },
  'capsh': { text: ['c'], valued: 'c' },
  'runcon': { valued: 'turl' },
  'chroot': { longValued: ['userspec', 'groups'], operands: 1, root: '/' },
  'unshare': { valued: 'SGRw', longValued: ['wd', 'root', 'setuid', 'setgid'], folder: ['w', 'wd'] },
  'nsenter': { valued: 'tSGN', longValued: ['target'], folder: ['wd', 'wdns'] },
  'systemd-run': {
    valued: 'pEuMHt',
    longValued: ['unit', 'property', 'setenv', 'slice', 'on-active', 'description', 'working-directory'],
    folder: ['working-directory'],
  },
  'systemd-inhibit': {},
  'cgexec': { valued: 'g' },
  'firejail': {},
  'fakeroot': { valued: 'lsibf' },
  'proot': { valued: 'rbwqkS', longValued: ['cwd', 'pwd'], folder: ['w', 'cwd', 'pwd'] },
  'strace': { valued: 'oepEsuPIaObSX' },
  'ltrace': { valued: 'oepsuanlxDF' },
  'valgrind': {},
  'unbuffer': {},
  'rlwrap': { valued: 'afHsCgbPqSt' },
  'torsocks': {},
  'proxychains': { valued: 'f' },
  'proxychains4': { valued: 'f' },
  'caffeinate': { valued: 'tw' },
  'dbus-run-session': {},
  'dbus-launch': {},
  'ssh-agent': { valued: 'aEtPO' },
  'xvfb-run': { valued: 'nesfpw' },
  'flock': { text: ['c', 'command'], valued: 'wEc', longValued: ['timeout', 'command'], operands: 1 },
  'script': { text: ['c', 'command'], valued: 'cEIOBoT', longValued: ['command'], operands: 1 },
  'watch': { valued: 'nq', longValued: ['interval'], joins: 'arguments' },
  'entr': { text: ['s'], valued: 's' },
  'xargs': {
    valued: 'IPLnsdaEJRS',
    longValued: ['max-procs', 'max-args', 'max-chars', 'delimiter', 'arg-file'],
  },
};
