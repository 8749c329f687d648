/**
 * Sandboxes: the same program on the host as it is, and confined.
 *
 * The agent's commands try to read and to write a file of the host beside the workspace, and to read a variable of this
 * process. What the host names for them, they get in both.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtinTools, SAgent, ToolManager, type SandboxType } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

process.env['DEMO_API_KEY'] = 'secret';

async function tryAll(sandboxType: SandboxType): Promise<string[]> {
  await using folders = await temporaryFolders();
  const hostFile = join(folders.root, 'of-the-host');
  await writeFile(hostFile, 'host');
  const agent = new SAgent({
    sessionRootSpace: folders.sessions,
    sandboxOptions: { env: { GREETING: 'hello' }, ...(sandboxType === 'local' ? { limits: { processes: 100 } } : {}) },
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
    // A folder that is not there yet: as root the confined one gives it to a user of its own.
    sandboxAgentWorkspace: join(folders.root, 'workspace'),
  });
  for await (const _ of run) continue;
  assert.equal((await run.outcome).reason, 'done');
  await agent.close();
  const results = (model.requests[1]?.messages ?? []).filter(({ role }) => role === 'tool');
  const [read = '', , key = '', greeting = ''] = results.map(({ content }) =>
    JSON.parse(String(content)).stdout.trim(),
  );
  return [read, existsSync(`${hostFile}.new`) ? 'written' : 'not written', key, greeting];
}

const onTheHost = await tryAll('passthrough');
const confined = await tryAll('local');
console.log('passthrough', onTheHost);
console.log('local      ', confined);
// The key of this process reaches neither; what the host names for them reaches both.
assert.deepEqual(onTheHost, ['host', 'written', '', 'hello']);
assert.match(confined[0] ?? '', /No such file/);
assert.deepEqual(confined.slice(1), ['not written', '', 'hello']);
const gotOut = (outputs: string[]) =>
  outputs.slice(0, 3).filter((text) => ['host', 'written', 'secret'].includes(text)).length;
assert.equal(gotOut(confined), 0);
console.log(`ok: on the host ${gotOut(onTheHost)} of ${onTheHost.length} attempts got out, confined none`);
