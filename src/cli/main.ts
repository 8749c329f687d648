#!/usr/bin/env node
import { openLocalSandbox } from '../sandbox/local/local-sandbox.ts';
import { probeSandbox } from '../sandbox/open-sandbox.ts';
import { runCli } from './run-cli.ts';

const stop = new AbortController();
// The second one ends the process as if nobody had listened.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

process.exitCode = await runCli(process.argv.slice(2), {
  // Two folders up both from the source and from what is built of it.
  packageFile: new URL('../../package.json', import.meta.url),
  env: process.env,
  print: (text) => console.log(text.trimEnd()),
  printError: (text) => console.error(text),
  stop: stop.signal,
  openSandbox: openLocalSandbox,
  probe: (options) => probeSandbox({ type: 'local', ...options }),
});
