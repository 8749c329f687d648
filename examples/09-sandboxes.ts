/**
 * Sandboxes: the same program on the host as it is, confined, and confined somewhere else.
 *
 * The agent's commands try to read and to write a file of the host beside the workspace, and to read a variable of this
 * process. What the host names for them, they get everywhere.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtinTools, SAgent, ToolManager, type SandboxOptions, type SandboxType } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { serveSandboxes } from './serve-sandboxes.ts';
import { temporaryFolders } from './temporary-folders.ts';

process.env['DEMO_API_KEY'] = 'secret';

async function tryAll(sandboxType: SandboxType, options: SandboxOptions = {}): Promise<string[]> {
  await using folders = await temporaryFolders();
  const hostFile = join(folders.root, 'of-the-host');
  await writeFile(hostFile, 'host');
  const agent = new SAgent({
    sessionRootSpace: folders.sessions,
    sandboxOptions: { env: { GREETING: 'hello' }, ...options },
  });
  const attempts = [`cat ${hostFile}`, `echo out > ${hostFile}.new`, 'printenv DEMO_API_KEY', 'printenv GREETING'];
  const model = scriptedModel([
    { toolCalls: attempts.map((command) => ({ name: 'execute_shell_command', arguments: { command } })) },
    'That is what I could reach.',
  ]);
  const run = agent.runStream({
    inputMessages: [{ role: 'user', content: 'What can you reach?' }],
    model,
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: '',
    maxLoopCount: 5,
    toolManager: new ToolManager({ tools: builtinTools() }),
    sandboxType,
    // On the bare host, commands that are not known to be harmless would need a person.
    permissions: { mode: 'full-access' },
    // A folder that is not there yet: as root the confined one gives it to a user of its own.
    sandboxAgentWorkspace: sandboxType === 'remote' ? '/sage-workspace' : folders.workspace,
  });
  for await (const _ of run) continue;
  assert.equal((await run.outcome).reason, 'done');
  await agent.close();
  const results = (model.requests[1]?.messages ?? []).filter(({ role }) => role === 'tool');
  const [read = '', , key = '', greeting = ''] = results.map(({ content }) => {
    const { status, stdout } = JSON.parse(String(content));
    assert.equal(status, 'completed', String(content));
    return stdout.trim();
  });
  return [read, existsSync(`${hostFile}.new`) ? 'written' : 'not written', key, greeting];
}

const onTheHost = await tryAll('passthrough');
const confined = await tryAll('local', { limits: { processes: 100 } });

await using folders = await temporaryFolders();
const token = 'token-of-the-server';
await using server = await serveSandboxes(folders.root, token);
const elsewhere = await tryAll('remote', { remote: { domain: server.domain, protocol: 'http', apiKey: token } });

console.log('passthrough', onTheHost);
console.log('local      ', confined);
console.log('remote     ', elsewhere);
// The key of this process reaches none of them; what the host names for them reaches all.
assert.deepEqual(onTheHost, ['host', 'written', '', 'hello']);
for (const outputs of [confined, elsewhere]) {
  assert.match(outputs[0] ?? '', /No such file/);
  assert.deepEqual(outputs.slice(1), ['not written', '', 'hello']);
}
const gotOut = (outputs: string[]) =>
  outputs.slice(0, 3).filter((text) => ['host', 'written', 'secret'].includes(text)).length;
assert.equal(gotOut([...confined, ...elsewhere]), 0);
console.log(`ok: on the host ${gotOut(onTheHost)} of ${onTheHost.length} attempts got out, confined none`);
