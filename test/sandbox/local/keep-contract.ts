import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';
import { sandboxContract } from '../../../src/testing/index.ts';

// Holds the local sandbox to the contract, and to a few of its own promises, as whoever runs this; prints what it found.
const root = await realpath(await mkdtemp(join(tmpdir(), 'sagents-')));
let count = 0;
const open = () => openLocalSandbox({ root, workspace: join(root, `workspace-${(count += 1)}`) });
const failed: string[] = [];
const contract = sandboxContract(open);
for (const { name, run } of contract) await run().catch((error: unknown) => failed.push(`${name}: ${String(error)}`));

await using sandbox = await open();
let said = '';
for (const command of ['id -u', 'cat /etc/shadow', 'mount -o remount,rw /usr', 'unshare -U true', `ls ${root}`]) {
  for await (const { stream, text } of sandbox.exec(`${command} || echo refused`))
    if (stream === 'stdout') said += text;
}
await sandbox.close();
await rm(root, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ cases: contract.length, failed, said }));
