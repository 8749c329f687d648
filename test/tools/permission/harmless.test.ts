import { describe, expect, test } from 'vitest';
import { classOf, judge } from './helpers.ts';

/** Known only to read, also on the host: nobody is asked. */
const everywhere = [
  'ls -la',
  'ls *.ts src/*',
  'pwd; whoami; date +%F; uname -a',
  'cat src/a.ts | head -5',
  'git status && git diff --stat | wc -l',
  'git log --oneline -5; git show HEAD; git blame f; git ls-files; git rev-parse HEAD; git describe --tags',
  'git branch; git branch -a; git tag -l "v*"; git remote -v; git stash list; git config --get user.name',
  'git -C sub --no-pager status',
  "find . -name '*.ts' -type f",
  "sed -n '1,100p' f",
  "sed 's/a/b/g; s|x|y|' f",
  "sed -n '/foo/,/bar/p' f",
  'sort -u f | uniq -c | sort -rn',
  'grep -rn "rm -rf /" src',
  'grep /api src/routes.ts',
  'rg foo src',
  'du -sh . && df -h && ps aux',
  'test -f x && cat x',
  '[ -f x ] || echo none',
  '[[ -f x ]] && cat x',
  'cd src && ls ..',
  'ls > /dev/null 2>&1',
  'ls 2>/dev/null || true',
  'ls &>/dev/null',
  'echo $? $HOME $PWD',
  'echo "$(git rev-parse HEAD)"',
  'echo a{b,c} $((1 + 2))',
  'diff <(ls a) <(ls b)',
  'cat <<EOF\nhi\nEOF',
  'for f in src/*.ts; do wc -l "$f"; done',
  'while read -r line; do echo "$line"; done < f',
  'if test -f x; then head x; else echo none; fi',
  "bash -c 'ls | wc'",
  'eval ls',
  'timeout 5 nice -n 5 ls',
  'env ls',
  'LC_ALL=C sort f',
  'name=f; cat "$name"',
  'command -v node; which git; type ls',
  'node --version',
  'time ls',
  '/bin/ls /usr/include',
  'ls # and say nothing',
  'echo \'a;b\' "c|d" e\\;f',
  'jq .name package.json',
  'cat ./a/../b',
];

/** Harmless where the sandbox confines, but on the host they show what is not the workspace's. */
const confinedOnly = [
  'cat /etc/passwd',
  'env',
  'printenv PATH',
  'ls ~',
  'cd .. && ls',
  'cat ../other/file',
  'head -c 5 /dev/sda',
  'jq -n env',
  'ps auxe',
  'grep -ex /etc/hosts',
  'cut -d: -f1 < /etc/passwd',
  'cd /etc && cat hosts',
  'cat $(git ls-files)',
  'find src -type f | xargs wc -l',
  'git -C /srv/repo log',
];

/** Nearly harmless: each does one thing more than reading, or what it does is not told before it runs. */
const never = [
  '',
  'ls; rm x',
  'ls && npm test',
  'ls | tee out',
  'ls & touch x',
  'ls\ntouch x',
  'echo hi > x',
  'ls >> log',
  'ls &> out',
  'ls >&out',
  'ls <> x',
  'ls > >(cat)',
  'ls $(touch x)',
  'ls `touch x`',
  'echo "$(touch x)"',
  'cat <(touch x)',
  'cat <<EOF\n$(touch x)\nEOF',
  'ls 2> $(touch x)',
  'echo ${x:-$(touch y)}',
  'echo @(a|$(touch x))',
  'case $(touch x) in a) ls;; esac',
  'f() { ls; }; f',
  'alias ls="touch x"; ls',
  'coproc ls',
  'echo $SECRET',
  'ls $DIR',
  '$CMD file',
  '"$(cat name)" file',
  './ls',
  '/tmp/ls',
  'l? x',
  'awk "{print}" f',
  'python -c "1"',
  'find . -delete',
  'find . -exec ls {} \\;',
  'find . -fprint out',
  'find *',
  'sed -i s/a/b/ f',
  'sed s/a/b/w\\ out f',
  "sed 's/a/b/e' f",
  "sed '1e date' f",
  "sed 'w out' f",
  'sed -f script f',
  'sort -o f f',
  'sort -uo f f',
  'sort --out=f f',
  'sort * ',
  'sort "$(ls)"',
  'uniq a b',
  'tree -o x',
  'rg --pre sh x',
  'fd x -x rm',
  'xxd -r a b',
  'date -s 12:00',
  'date 01010000',
  'hostname new',
  'file -C -m magic',
  'git commit -m x',
  'git branch new',
  'git tag v1',
  'git log --output=x',
  'git diff --ext-diff',
  'git grep -O foo',
  'git -c core.pager=x log',
  'git --git-dir=x log',
  'git --exec-path=x status',
  'git config user.name x',
  'git remote add a b',
  'git fetch',
  'git "$SUB"',
  'LD_PRELOAD=./x.so ls',
  'PATH=.:$PATH ls',
  'GIT_EXTERNAL_DIFF=x git diff',
  'env PAGER=x ls',
  'export PATH=.; ls',
  'printf -v PATH .; ls',
  'read PATH < f; ls',
  'for PATH in .; do ls; done',
  "test -v 'a[$(touch x)]'",
  "[[ 'a[$(touch x)]' -eq 1 ]]",
  '[[ a > b ]]',
  "i='a[$(touch x)]'; echo $((i))",
  'set -a; ls',
  'xargs rm < list',
  'ls | xargs touch',
  'ls | sh',
  'bash script.sh',
  'bash --init-file x -ic ls',
  '. ./env.sh',
  'trap "touch x" EXIT',
  'env -C /etc ls',
  'sudo ls',
  'cat < /dev/tcp/host/80',
  'history -c',
  'echo "unclosed',
  'if true; then ls',
  "echo $'\\'; touch x #'",
];

describe('a command is known to be harmless', () => {
  test.each(everywhere)('everywhere: %s', async (command) => {
    expect(await judge(command)).toMatchObject({ class: 'harmless' });
    expect(await judge(command, 'confined')).toMatchObject({ class: 'harmless' });
  });

  test.each(confinedOnly)('only in a sandbox: %s', async (command) => {
    expect(await classOf(command, 'confined')).toBe('harmless');
    expect(await classOf(command)).not.toBe('harmless');
  });

  test.each(never)('never: %s', async (command) => {
    expect(await classOf(command, 'confined')).not.toBe('harmless');
    expect(await classOf(command)).not.toBe('harmless');
  });
});

test('what hinders it is told', async () => {
  const because = async (command: string) => (await judge(command)).because;
  expect(await because('cat a > b')).toBe('writes to "b"');
  expect(await because('cat ~/x')).toBe('reads "~/x", which is not in the workspace');
  expect(await because('echo $TOKEN')).toBe('uses a variable of the environment');
  expect(await because('make')).toBe('runs "make", which is not known only to read');
  expect(await because('git commit')).toBe('runs "git" with "commit", which is not known only to read');
  expect(await because('ls "')).toBe('cannot be read for sure');
});
