// A process that owns sessions as it is told: `owner-process.ts <root> [session]`, then one command a line.
import { createInterface } from 'node:readline';
import { isSageError } from '../../../src/errors.ts';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import type { SessionWriter } from '../../../src/session/session-store.ts';

const [root = '', first] = process.argv.slice(2);
const store = createFileStore(root);
let writer: SessionWriter | undefined;

async function open(sessionId: string): Promise<string> {
  try {
    writer = await store.open(sessionId, { create: true });
  } catch (error) {
    if (isSageError(error, 'session-busy')) return 'busy';
    throw error;
  }
  writer.append({ seq: writer.stored.records.length + 1, at: process.pid, entries: [] });
  return `open ${writer.epoch}`;
}

async function obey(command: string): Promise<string> {
  if (command.startsWith('open ')) return open(command.slice(5));
  await writer?.close();
  return 'closed';
}

process.stdout.write(first === undefined ? 'ready\n' : `${await open(first)}\n`);
// It lives until it is killed, or a minute at most.
setTimeout(() => process.exit(), 60_000);
createInterface({ input: process.stdin }).on('line', (command) => {
  void obey(command).then((answer) => process.stdout.write(`${answer}\n`));
});
