import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';

// Opens a sandbox, starts what would like to stay, says so, and waits to be killed. Arguments: a root, a number of seconds.
const [root = '', seconds = ''] = process.argv.slice(2);
const sandbox = await openLocalSandbox({ root, workspace: `${root}/workspace` });
await sandbox.writeFile('file', '');
const task = await sandbox.spawn(
  `setsid sleep ${seconds} & nohup sleep ${seconds} & echo up; trap '' TERM; sleep ${seconds}`,
);
await task.wait({ pattern: /up/ });
process.stdout.write('holding\n');
setInterval(() => {}, 1_000);
