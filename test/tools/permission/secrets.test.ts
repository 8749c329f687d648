import { describe, expect, test } from 'vitest';
import { judge } from './helpers.ts';

/** What puts out, or tells of, a variable that comes with the environment. */
const shown = [
  'echo $SECRET',
  'echo "${SECRET}"',
  'echo ${SECRET%x}',
  'echo ${SECRET#x}',
  'echo ${SECRET/a/b}',
  'echo ${SECRET,,}',
  'echo ${SECRET@Q}',
  'echo ${SECRET:-x}',
  'echo ${x:-$SECRET}',
  'x=a; echo ${x/a/$SECRET}',
  ': ${x:?$SECRET}',
  'x=SECRET; echo ${!x}',
  'echo ${!SEC*}',
  'x=$SECRET; echo $x',
  'x=${SECRET%x}; echo $x',
  'for x in $SECRET; do echo $x; done',
  'cat <<< $SECRET',
  'cat <<< "a ${SECRET%x}"',
  'cat <<E\n$SECRET\nE',
  'cat <<E\n${SECRET@Q}\nE',
  '{ cat; } <<< $SECRET',
  'while read -r x; do echo "$x"; done <<< $SECRET',
  'cat /dev/fd/3 3<<< $SECRET',
  'case $SECRET in h*) echo yes;; esac',
  'case hunter2 in $SECRET) echo yes;; esac',
  'select x in $SECRET; do break; done',
  'for x in ${y:?$SECRET}; do ls; done',
  'for x in $SECRET; do select y in $x; do break; done; done',
  '[[ $SECRET == h* ]] && echo yes',
  'secret=x ls; echo $secret',
  '(secret=x); echo $secret',
  'false && secret=x; echo $secret',
  'echo ${secret:=x}',
];

test.each(shown)('a variable of the environment is not shown unasked: %s', async (command) => {
  expect(await judge(command)).not.toMatchObject({ class: 'harmless' });
});

describe('on the host, what is not in the workspace is not shown either', () => {
  test.each([
    'grep -- -x /etc/hosts',
    'grep --reg=x /etc/hosts',
    'grep -5ex /etc/hosts',
    'grep -vf/etc/hosts f',
    'grep ../* f',
    'grep x$(cat f)',
    'cat x$(cat f)',
    'sort --files0-from=list',
    'file -f list',
    'ps -E',
    'ps -oenviron',
    'ps "$(cat f)"',
    'jq "$(cat f)" x',
    'jq \'import "./x" as $x; .\' f',
  ])('%s', async (command) => {
    expect(await judge(command)).not.toMatchObject({ class: 'harmless' });
  });
});

test('what hinders it is told', async () => {
  expect((await judge('echo ${SECRET%x}')).because).toBe('uses a variable of the environment');
  expect((await judge('x=SECRET; echo ${!x}')).because).toBe('uses a variable whose name only running would tell');
});
