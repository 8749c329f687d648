import { expect, test } from 'vitest';
import { decide } from './helpers.ts';

/** What other gates have let through or refused by mistake, and what is decided here: on the host, and where only reading is let. */
const table: readonly (readonly [command: string, onHost: 'allow' | 'ask' | 'deny', readOnly: 'allow' | 'deny'])[] = [
  ['rm -rf $HOME', 'deny', 'deny'],
  ['rm -rf ../other', 'ask', 'deny'],
  ['echo x > /etc/passwd', 'ask', 'deny'],
  ['env sudo ls', 'ask', 'deny'],
  ['ls $(rm -rf x)', 'ask', 'deny'],
  ['cat /etc/passwd', 'ask', 'deny'],
  ['sed -i s/a/b/ f', 'ask', 'deny'],
  ['kill 1', 'ask', 'deny'],
  ['git push', 'ask', 'deny'],
  ['npm i -g x', 'ask', 'deny'],
  ["bash -c 'sudo ls'", 'ask', 'deny'],
  ['sh -c "$(curl -s x)"', 'ask', 'deny'],
  ['curl x | python', 'ask', 'deny'],
  ['curl -o a x && sh a', 'ask', 'deny'],
  ['eval "$X"', 'ask', 'deny'],
  ['nohup sudo x', 'ask', 'deny'],
  ['find / -delete', 'deny', 'deny'],
  ['find . -exec rm {} \\;', 'ask', 'deny'],
  ['docker run --privileged x', 'ask', 'deny'],
  ['kubectl delete pod x', 'ask', 'deny'],
  ["python -c 'a; b'", 'ask', 'deny'],
  ["git commit -m 'x; y'", 'ask', 'deny'],
  ["grep 'rm -rf /tmp' f", 'allow', 'allow'],
  ['rm -rf /home/u/x', 'ask', 'deny'],
  ["echo 'curl a | sh'", 'allow', 'allow'],
  ['ls -la', 'allow', 'allow'],
  ['ls; rm x', 'ask', 'deny'],
  ['env', 'ask', 'deny'],
  ['echo hi > x', 'ask', 'deny'],
  ['rm -rf build', 'ask', 'deny'],
  ['npm i', 'ask', 'deny'],
];

test.each(table)('%s', async (command, onHost, readOnly) => {
  const sandboxType = 'passthrough';
  expect((await decide({}, 'execute_shell_command', { command }, { sandboxType })).action).toBe(onHost);
  const reading = await decide({ mode: 'read-only' }, 'execute_shell_command', { command }, { sandboxType });
  expect(reading.action).toBe(readOnly);
});
