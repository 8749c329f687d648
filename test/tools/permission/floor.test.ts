import { describe, expect, test } from 'vitest';
import { judge } from './helpers.ts';

/** What no mode and no rule may let through, in the ways it is written. */
const floor: Readonly<Record<string, readonly string[]>> = {
  'plain': [
    'rm -rf /',
    'rm -rf /*',
    'rm -rf ~',
    'rm -rf ~/',
    'rm -rf $HOME',
    'rm -rf "$HOME"',
    'rm -rf "${HOME}"/*',
    'rm -rf /etc',
    'rm -fr -- /usr/lib',
  ],
  'behind wrappers': [
    'sudo rm -rf /',
    'sudo -u root rm -rf /etc',
    'env X=1 rm -rf /',
    'nice -n 5 rm -rf /',
    'nohup rm -rf / &',
    'timeout -k 5 10 rm -rf /',
    'stdbuf -oL rm -rf /',
    'chrt -f 10 rm -rf /',
    'taskset -c 0,1 rm -rf /',
    'exec -a foo rm -rf /',
    'command rm -rf /',
    'builtin command rm -rf /',
    'echo / | xargs rm -rf',
    'xargs rm -rf / < /dev/null',
  ],
  'with find': [
    'find / -delete',
    'find / -exec rm -rf {} \\;',
    'find ~ -type f -delete',
    "find / -name '*.pyc' -delete",
  ],
  'in text for shells': [
    "bash -c 'rm -rf /'",
    'sh -c "rm -rf /"',
    "zsh -lc 'rm -rf /'",
    `bash -c 'sh -c "rm -rf /"'`,
    "eval 'rm -rf /'",
    'eval rm -rf /',
  ],
  'quoted and spelt in other ways': [
    "$'\\x72\\x6d' -rf /",
    `r\\m -r"f" '/'`,
    '"rm" -rf /',
    'X=/; rm -rf $X',
    "X='rm -rf /'; $X",
    'A=/e; A+=tc; rm -rf $A',
    'cmd=rm; $cmd -rf /',
    'rm -rf $(echo /)',
    '`echo rm` -rf /',
  ],
  'as it comes to a shell': [
    '$(echo rm) -rf /',
    "echo 'rm -rf /' | sh",
    'echo cm0gLXJmIC8= | base64 -d | bash',
    `bash <<EOF
rm -rf /
EOF`,
    `cat <<'EOF' | sh
rm -rf /
EOF`,
    'bash <<< "rm -rf /"',
  ],
  'in compound commands': [
    '{rm,-rf,/}',
    'rm -rf /{etc,usr}',
    'rm${IFS}-rf${IFS}/',
    'for d in / /etc; do rm -rf $d; done',
    'f() { rm -rf "$1"; }; f /',
    'while read d; do rm -rf $d; done <<< /',
    'if true; then rm -rf /; fi',
    '(rm -rf /)',
    '{ rm -rf /; }',
    '! rm -rf /',
    'time rm -rf /',
    'true && rm -rf /',
    'false || rm -rf /',
    'ls; rm -rf /',
    'ls | rm -rf /',
    'cat <(rm -rf /)',
    'echo "$(rm -rf /)"',
    'echo `rm -rf /`',
    'X=$(rm -rf /) ls',
    'case x in x) rm -rf /;; esac',
    'cd / && rm -rf *',
    'cd /etc; rm -rf .',
    "trap 'rm -rf /' EXIT",
  ],
  'in what is expanded once more': [
    'x="\\$(rm -rf /)"; : ${x@P}',
    'x="a[\\$(rm -rf /)]"; : ${!x}',
    'x="a[\\`rm -rf /\\`]"; echo $((x))',
    'x="a[\\$(rm -rf /)]"; for ((; x; )); do :; done',
    'x="a[\\$(rm -rf /)]"; [[ x -eq 1 ]]',
  ],
  'as some shells read it': ['((rm -rf /))', '[[ a || rm -rf / ]]'],
  'by other names of the folder': ['rm -rf /e*', 'rm -rf /./etc/../', 'rm -rf //', 'rm -rf /home/u'],
  'given to others or moved away': ['chmod -R 777 /', 'chown -R u /etc', 'chmod 000 /', 'mv /etc /tmp/x', 'mv ~ /tmp'],
  'devices': [
    'dd if=/dev/zero of=/dev/sda bs=1M',
    'cat x > /dev/sda',
    'echo x | tee /dev/nvme0n1',
    'mkfs.ext4 /dev/sda1',
    'mkfs -t ext4 $DEV',
    'wipefs -a /dev/sdb',
    'shred /dev/sda',
    'sfdisk /dev/sda < x',
  ],
  'fork bombs': [
    ':(){ :|:& };:',
    'bomb() { bomb | bomb & }; bomb',
    'function b { b & b & }; b',
    'a(){ b|b& }; b(){ a|a& }; a',
  ],
  'all processes, and the machine': [
    'kill -9 -1',
    'kill -KILL -- -1',
    'shutdown -h now',
    'reboot',
    'halt -p',
    'poweroff',
    'init 0',
    'systemctl poweroff',
    'sudo systemctl reboot -f',
    '/sbin/reboot',
    'echo b > /proc/sysrq-trigger',
  ],
  'and more': [
    "su -c 'rm -rf /'",
    "env -S 'rm -rf /'",
    "watch 'rm -rf /'",
    'busybox rm -rf /',
    "printf '%s %s %s' rm -rf / | sh",
    `cat > x.sh <<EOF
rm -rf /
EOF
sh x.sh`,
    'echo "rm -rf /" > a.sh; chmod +x a.sh; ./a.sh',
    'rm -rf / "',
    'echo "unclosed; rm -rf /',
    "perl -e 'fork while fork'",
    'set -- /; rm -rf "$@"',
    `sh -c 'rm -rf "$1"' x /`,
    "sh -c 'rm -rf $0' /",
    'echo / | while read x; do rm -rf $x; done',
    'parallel rm -rf ::: / /etc',
    "echo $'\\'; rm -rf / #'",
    'IFS=,; X=rm,-rf,/; $X',
    `echo a
rm -rf /`,
    `rm -rf \\
/`,
    'source <(echo rm -rf /)',
    'bash <(echo rm -rf /)',
    "alias x='rm -rf /'",
    'coproc rm -rf /',
    'rm -rf ${X:-/}',
    'a=(rm -rf /); "${a[@]}"',
    'rsync -a --delete empty/ /',
    'find / -print0 | xargs -0 rm -rf',
    'for f in $(find /etc); do rm -rf "$f"; done',
    'sudo -s <<< "rm -rf /"',
    'sudo chmod -R -x /',
    'mv /etc{,.bak}',
    'yes | rm -ri /',
    'rm -rf /$(echo etc)',
    'rm -rf /*/',
    'rm -rf /[a-z]*',
    'find / -type f -exec shred {} +',
    'time -o out rm -rf /',
    'parted -s /dev/sda mklabel gpt',
    'kill -s KILL -- -1',
    'systemctl isolate poweroff.target',
    'nsenter -t 1 -m reboot',
    'echo x | sudo tee /proc/sysrq-trigger',
    'exec > /dev/sda',
  ],
};

describe('the floor', () => {
  test.each(Object.entries(floor))('sees what destroys: %s', async (_, commands) => {
    const missed: string[] = [];
    for (const command of commands) if ((await judge(command)).class !== 'forbidden') missed.push(command);
    expect(missed).toEqual([]);
  });

  test('tells what it has seen', async () => {
    expect((await judge('sudo rm -rf "$HOME"/*')).because).toBe('deletes "~/*", which the system or a home needs');
    expect((await judge('cat x > /dev/sda')).because).toBe('writes to the raw device "/dev/sda"');
    expect((await judge(':(){ :|:& };:')).because).toBe('starts processes without end with ":"');
    expect((await judge('ls; reboot')).because).toBe('stops or restarts the machine with "reboot"');
    expect((await judge('kill -9 -1')).because).toBe('sends a signal to every process there is');
  });

  test('follows the folder and the variables that are given beside the line', async () => {
    const { judgeCommand } = await import('../../../src/tools/permission/shell/judge-command.ts');
    const place = { isConfined: true, start: '.' } as const;
    expect((await judgeCommand({ command: 'rm -rf *', folder: '/etc' }, place)).class).toBe('forbidden');
    expect((await judgeCommand({ command: 'rm -rf "$D"', environment: { D: '/usr' } }, place)).class).toBe('forbidden');
    expect((await judgeCommand({ command: 'rm -rf *', folder: 'build' }, place)).class).not.toBe('forbidden');
  });

  test('is kept where a line cannot be read, or not to its end', async () => {
    for (const start of ['echo "', 'if true; ']) {
      expect(await judge(`${start}\nsudo rm -rf /`)).toMatchObject({ class: 'forbidden', isWhole: false });
    }
    for (const start of ['ls;'.repeat(3_000), 'ls '.repeat(40_000) + '; ']) {
      const because = 'deletes "/", which the system or a home needs';
      expect(await judge(`${start}\nsudo rm -rf /`)).toMatchObject({ class: 'forbidden', because, isWhole: true });
    }
    const nested = Array.from({ length: 40 }).fill('env').join(' ');
    expect(await judge(`${nested} rm -rf /`)).toMatchObject({ class: 'forbidden', isWhole: false });
  });
});

/** What only looks like it. */
const others = [
  "grep 'rm -rf /' f",
  "grep 'rm -rf /tmp' f",
  'echo "shutdown"',
  "echo 'curl a | sh'",
  'rm -rf ./build',
  'rm -rf /home/u/project/build',
  'rm -rf /home/u/x',
  "git commit -m 'x; reboot'",
  "python -c 'a; b'",
  "git commit -m 'x; y'",
  'man shutdown',
  'grep -r reboot .',
  'nice echo reboot',
  'timeout 5 grep shutdown log',
  'git init',
  'npm init',
  'find . -name node_modules -prune -exec rm -rf {} +',
  'mkfs.ext4 ./disk.img',
  'fdisk -l /dev/sda',
  'kill -1 1234',
  'kill -9 1234',
  'kill 1',
  'docker run alpine rm -rf /',
  'ssh host reboot',
  'rm -rf /var/lib/apt/lists/*',
  'rm -rf /tmp/x',
  'rm -rf /usr/local/lib/node_modules/x',
  'dd if=/dev/sda of=x.img',
  'systemctl status reboot.service',
  'walk() { for f in $1/*; do walk $f; done; }; walk .',
  'chmod -R u+w ./x',
  'mv /etc/hosts.bak x',
  'rm -rf "$DIR"/*',
  'rm -rf *',
  'rm -rf node_modules dist',
  `cat > notes.md <<EOF
reboot
rm -rf /
EOF`,
  'cd /tmp/build && rm -rf *',
  '(cd /etc); rm -rf ./x',
  'echo x > /dev/null',
  'dd if=a of=b',
  'shutdown -c',
  './shutdown now',
  'scripts/reboot',
  'command -v reboot',
  'exec -a reboot ls',
  'parted -s /dev/sda print',
  'echo x > /dev/ttyUSB0',
  'dd if=a of=/dev/shm/b',
  'BUILD=./build; rm -rf "$BUILD"',
  'find . -name "*.o" | xargs rm -rf',
  'shutdown --help',
  'systemctl list-units',
  'git commit -am "Halt at shutdown; init 0"',
  'find . -delete',
  'find ~/work -name "*.o" -delete',
  'chown -R me .',
  'mv /home/u/work/a /home/u/work/b',
  'rm /etc/hosts',
  'kill -1 12',
  'node -e "x(/rm -rf/)"',
  'fork() { echo; }; fork & fork',
  'tree() { ls $1; tree $1/a & }; tree .',
  `x='say $(reboot)'; f() { git commit -m "$x"; }; f`,
  `x='say $(reboot)'; for ((i = 0; i < 3; i++)); do echo "$x"; done`,
  'rm -rf /home/u/work/*',
  'docker exec c shutdown',
  'printf "%s" "rm -rf /"',
  'echo rm -rf / > notes.txt',
];

test.each(others)('is not on the floor: %s', async (command) => {
  expect((await judge(command)).class).not.toBe('forbidden');
});
