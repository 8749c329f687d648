import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';

// Reads a command's 1.5 GB, and prints by how much its own resident memory grew meanwhile. Before that as much as it takes
// for V8 to have made its young generation as large as it likes it, which is no concern of ours.
const root = await mkdtemp(join(tmpdir(), 'sagents-'));
await chmod(root, 0o755);
await using sandbox = await openLocalSandbox({ root, workspace: join(root, 'workspace') });
for await (const _ of sandbox.exec('head -c 500000000 /dev/zero')) continue;
const before = process.memoryUsage.rss();
let [bytes, pieces, grownBytes] = [0, 0, 0];
for await (const { text } of sandbox.exec('head -c 1500000000 /dev/zero')) {
  bytes += text.length;
  if ((pieces += 1) % 100 === 0) grownBytes = Math.max(grownBytes, process.memoryUsage.rss() - before);
}
await rm(root, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ bytes, grownBytes }) + '\n');
