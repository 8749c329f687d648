// What the local sandbox costs: `node -C sagents-source bench/sandbox.ts`, in one run and in turns. Milliseconds, medians.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from 'sagents';

const root = mkdtempSync(join(tmpdir(), 'sagents-bench-'));
chmodSync(root, 0o755);

const open = (type: 'local' | 'passthrough') => openSandbox({ type, workspace: join(root, type), root });

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: readonly number[]): string {
  return (times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0).toFixed(2);
}

const plain = () =>
  new Promise((resolve) => {
    spawn('/bin/sh', ['-c', 'true'], { stdio: ['ignore', 'pipe', 'pipe'] }).once('close', resolve);
  });

await (await open('local')).close();
const opening: number[] = [];
for (let i = 0; i < 10; i += 1) {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  opening.push(await time(async () => (opened = await open('local'))));
  await opened?.close();
}

const [local, passthrough] = [await open('local'), await open('passthrough')];
const times = { plain: [] as number[], passthrough: [] as number[], local: [] as number[] };
for (let i = 0; i < 200; i += 1) {
  times.plain.push(await time(plain));
  times.passthrough.push(await time(() => passthrough.exec('true').next()));
  times.local.push(await time(() => local.exec('true').next()));
}
await local.writeFile('file', 'x'.repeat(1_000));
const reading: number[] = [];
for (let i = 0; i < 500; i += 1) reading.push(await time(() => local.readFile('file')));
await local.close();
await passthrough.close();
rmSync(root, { recursive: true, force: true });

const over = Number(median(times.local)) - Number(median(times.plain));
console.log(`open a local sandbox        ${median(opening)}  [150]`);
console.log(`a command: plain spawn      ${median(times.plain)}`);
console.log(`a command: passthrough      ${median(times.passthrough)}`);
console.log(`a command: local            ${median(times.local)}, ${over.toFixed(2)} over the plain spawn  [12]`);
console.log(`read 1 kB through the helper ${median(reading)}  [1]`);
