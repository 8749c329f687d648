/**
 * Confirmation in the terminal: an MCP server that nobody has vouched for writes a file, and each of its calls is asked about.
 *
 * Run it in a terminal and answer yourself; elsewhere it answers "y". The run waits meanwhile, and nothing else does: another
 * process could answer as well.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { SAgent, ToolManager, type MessageChunk } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';
import { visible } from './visible.ts';

async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log(`${question}y`);
    return true;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  return /^y/i.test(answer);
}

/** What a model may write, and no terminal shows: here it only stands at the end. */
const content = 'The harbour is closed.\u200B\n';

await using folders = await temporaryFolders();
await mkdir(folders.workspace);
const note = join(folders.workspace, 'note.txt');
await using manager = new ToolManager();
const filesystem = 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js';
await manager.registerMcpServers({
  mcpServers: { files: { command: process.execPath, args: [filesystem, folders.workspace] } },
});

await using agent = new SAgent({ sessionRootSpace: folders.sessions, sandboxType: 'passthrough' });
const run = agent.runStream({
  inputMessages: [{ role: 'user', content: 'Note that the harbour is closed.' }],
  model: scriptedModel([
    { toolCalls: [{ name: 'mcp_files_write_file', arguments: { path: note, content } }] },
    'I have noted it.',
  ]),
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You take notes.',
  maxLoopCount: 5,
  toolManager: manager,
  sandboxAgentWorkspace: folders.workspace,
  whenApprovalNeeded: 'wait',
});

async function confirm({ session_id }: MessageChunk): Promise<number> {
  const pending = await agent.listPendingConfirmations(session_id);
  for (const { confirmation_id, tool, arguments: args, digest } of pending) {
    const isAllowed = await ask(`Allow ${tool} ${visible(JSON.stringify(args))}? [y/n] `);
    const decision = isAllowed ? 'allow-once' : 'deny';
    await agent.answerConfirmation(session_id, confirmation_id, { decision, digest, by: 'the terminal' });
  }
  return pending.length;
}

let asked = 0;
for await (const chunks of run) {
  for (const chunk of chunks) if (chunk.message_type === 'confirmation') asked += await confirm(chunk);
}
assert.equal((await run.outcome).reason, 'done');
assert.equal(await readFile(note, 'utf8'), content);
console.log(`ok: ${asked} call was asked about, allowed, and run`);
