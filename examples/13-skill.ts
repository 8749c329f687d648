/**
 * Skills: instructions for certain tasks, with files that help. The model is told their names and descriptions, loads one
 * when it needs it, and finds its files in the sandbox. This one brings a script.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtinTools, SAgent, SkillManager, ToolManager } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

await using folders = await temporaryFolders();
await mkdir(folders.workspace);
await writeFile(
  join(folders.workspace, 'guide.md'),
  '# Guide\n\n## Set up\n\n### With Docker\n\n## What can go wrong?\n',
);

const skillManager = new SkillManager({ roots: [join(import.meta.dirname, 'skills')] });
assert.deepEqual(await skillManager.problems(), []);

const model = scriptedModel([
  { toolCalls: [{ name: 'load_skill', arguments: { skill_name: 'table-of-contents' } }] },
  {
    toolCalls: [
      {
        name: 'execute_shell_command',
        arguments: { command: 'skills/table-of-contents/scripts/contents.sh guide.md' },
      },
    ],
  },
  'Here it is.',
  'Now you can undo a deletion.',
]);
const agent = new SAgent({ sessionRootSpace: folders.sessions });

async function say(content: string) {
  const run = agent.runStream({
    inputMessages: [{ role: 'user', content }],
    sessionId: 'skills',
    model,
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: 'You write documentation.',
    maxLoopCount: 5,
    skillManager,
    toolManager: new ToolManager({ tools: builtinTools() }),
    sandboxType: 'passthrough',
    permissions: { mode: 'full-access' },
    sandboxAgentWorkspace: folders.workspace,
  });
  for await (const _ of run) continue;
  assert.equal((await run.outcome).reason, 'done');
}

await say('guide.md needs a table of contents.');
const [system, ...told] = model.requests[2]?.messages.map(({ content }) => String(content)) ?? [];
console.log(system);
const { stdout } = JSON.parse(told.at(-1) ?? '{}') as { stdout: string };
console.log(stdout);
assert.equal(
  stdout,
  '- [Set up](#set-up)\n  - [With Docker](#with-docker)\n- [What can go wrong?](#what-can-go-wrong)\n',
);

// Whoever knows the skill can name it: then it is there before the model is asked.
await say('<skill>release-notes</skill> We have added an undo for deletions.');
assert.match(String(model.requests[3]?.messages.at(-1)?.content), /Say what users can do now/);
await agent.close();
console.log('ok: a skill brought its script, and another was there because the user named it');
