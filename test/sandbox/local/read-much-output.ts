import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';

// Reads a command's 1.5 GB, and prints by how much the memory in use grew meanwhile. What can be collected does not count: when the
// collector comes to it is no concern of ours.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const root = await mkdtemp(join(tmpdir(), 'sagents-'));
await chmod(root, 0o755);
await using sandbox = await openLocalSandbox({ root, workspace: join(root, 'workspace') });
for await (const _ of sandbox.exec('head -c 1000000 /dev/zero')) continue;
const before = usedBytes();
let [bytes, pieces, grownBytes] = [0, 0, 0];
for await (const { text } of sandbox.exec('head -c 1500000000 /dev/zero')) {
  bytes += text.length;
  if ((pieces += 1) % 100 === 0) grownBytes = Math.max(grownBytes, usedBytes() - before);
}
await rm(root, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ bytes, grownBytes }) + '\n');
