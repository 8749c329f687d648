/**
 * Tools from elsewhere: the methods of an object, and an MCP server.
 *
 * The server is the reference server of files, started for this program and ended with the manager. It is trusted: what it says
 * only reads needs nobody's consent. Of a server that is not, every tool asks.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAgent, textOf, ToolManager, type McpConfig, type MethodDescriptions } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { z } from 'zod';
import { temporaryFolders } from './temporary-folders.ts';

class Warehouse {
  static readonly tools = {
    stock: {
      description: 'Tells how many pieces of an article are in stock.',
      parameters: z.object({ article: z.enum(['bolt', 'nut']) }),
      effect: 'none',
    },
  } satisfies MethodDescriptions<Warehouse>;

  readonly #pieces = { bolt: 1200, nut: 800 };

  stock({ article }: { readonly article: 'bolt' | 'nut' }): number {
    return this.#pieces[article];
  }
}

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions, sandboxType: 'passthrough' });
const orders = join(folders.workspace, 'orders.txt');
await mkdir(folders.workspace);
await writeFile(orders, 'bolt 1500\n');

const config: McpConfig = {
  mcpServers: {
    files: {
      command: process.execPath,
      args: ['node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', '${ORDERS}'],
      trust: true,
    },
  },
};

await using manager = new ToolManager();
manager.registerToolsFromObject(new Warehouse());
const [server] = await manager.registerMcpServers(config, { variables: { ORDERS: folders.workspace } });
console.log(`${server?.name} is ${server?.status}, with ${server?.tools.length} tools`);

const model = scriptedModel([
  {
    toolCalls: [
      { name: 'mcp_files_read_text_file', arguments: { path: orders } },
      { name: 'stock', arguments: { article: 'bolt' } },
      // It destroys, and nobody is there to be asked.
      { name: 'mcp_files_write_file', arguments: { path: orders, content: '' } },
    ],
  },
  '1500 bolts are ordered, and 1200 are there: 300 are missing.',
]);
const run = agent.runStream({
  inputMessages: [{ role: 'user', content: 'Have we what is ordered?' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You keep the stock.',
  maxLoopCount: 10,
  toolManager: manager,
  sandboxAgentWorkspace: folders.workspace,
});

const results: string[] = [];
for await (const chunks of run) {
  for (const chunk of chunks) if (chunk.message_type === 'tool_call_result') results.push(textOf(chunk));
}

assert.deepEqual(results.slice(0, 2), ['{"content":"bolt 1500\\n"}', '1200']);
assert.match(results[2] ?? '', /PERMISSION_DENIED/);
console.log('ok: an object and a server asked, and the server kept from writing');
