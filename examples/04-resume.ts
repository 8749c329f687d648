/**
 * Sessions outlive whoever runs them.
 *
 * Everything is in the journal: another agent goes on where the first one stopped, and after a crash `inputMessages: []`
 * continues the very run that was cut. A tool that was at work then is run again, if its effect says that this is safe.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { defineTool, SAgent, textOf, ToolManager, type InputMessage } from 'sagents';
import { record, scriptedModel, type ScriptedAnswer } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

/** Only given to the child process, which dies while its tool is at work. */
const [, , doomedSessions] = process.argv;

const measure = defineTool({
  name: 'measure',
  description: 'Measures the depth of the well.',
  effect: 'idempotent',
  async *execute() {
    yield 'letting the rope down …';
    if (doomedSessions !== undefined) process.kill(process.pid, 'SIGKILL');
    return '42 m';
  },
});

/** One run of session "well", by an agent that is closed afterwards. */
async function talk(sessions: string, inputMessages: InputMessage[], answers: ScriptedAnswer[]) {
  await using agent = new SAgent({ sessionRootSpace: sessions });
  const run = agent.runStream({
    inputMessages,
    sessionId: 'well',
    model: scriptedModel(answers),
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: 'You survey wells.',
    maxLoopCount: 10,
    toolManager: new ToolManager({ tools: [measure] }),
    sandboxAgentWorkspace: '.',
  });
  const { outcome } = await record(run);
  return { outcome, messages: (await agent.getMessages('well')) ?? [] };
}

const hello: InputMessage = { role: 'user', content: 'I stand at the old well.' };
const question: InputMessage = { role: 'user', content: 'How deep is it?' };
if (doomedSessions !== undefined) await talk(doomedSessions, [question], [{ toolCalls: [{ name: 'measure' }] }]);

await using folders = await temporaryFolders();
await talk(folders.sessions, [hello], ['Ask me about it.']);
const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, folders.sessions]);
const [, signal] = await once(child, 'exit');
console.log(`A second process asked for the depth, and was ended by ${signal}. A third agent continues its run:`);

const { outcome, messages } = await talk(folders.sessions, [], ['It is 42 m deep.']);
for (const message of messages) console.log(`  ${message.message_type.padEnd(18)}${textOf(message)}`);

assert.equal(signal, 'SIGKILL');
assert.deepEqual([outcome.reason, outcome.usage.calls], ['done', 2]);
assert.deepEqual(messages.filter(({ message_type }) => message_type === 'tool_call_result').map(textOf), ['42 m']);
console.log('ok: the session outlived its agent, and a killed process');
