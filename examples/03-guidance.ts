/**
 * Guidance: the user speaks while the agent works.
 *
 * What is injected waits in a queue until the next model call, never between a tool call and its result, and then becomes a
 * user message that the stream shows. Until then it can be listed, edited and taken back.
 */
import assert from 'node:assert/strict';
import { defineTool, SAgent, textOf, ToolManager } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions });

const findVenues = defineTool({
  name: 'find_venues',
  description: 'Finds places to meet.',
  execute: () => 'Attic, Cellar',
});

const model = scriptedModel([
  { text: ['Let me ', 'look for ', 'a room.'], toolCalls: [{ name: 'find_venues' }] },
  // Answers what it was told last.
  ({ messages }) => `I booked the Cellar ${messages.at(-1).content.replace('Make it ', '')}.`,
]);

const run = agent.runStream({
  inputMessages: [{ role: 'user', content: 'Find us a room.' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You plan meetings.',
  maxLoopCount: 10,
  toolManager: new ToolManager({ tools: [findVenues] }),
  sandboxAgentWorkspace: folders.workspace,
});

/** The host's UI: the user types something, and corrects it before the agent has got to it. */
async function typeAndCorrect(sessionId: string): Promise<string> {
  const guidanceId = await agent.injectUserMessage(sessionId, 'Make it for six');
  await agent.updatePendingUserInjection(sessionId, guidanceId, 'Make it for eight');
  const pending = await agent.listPendingUserInjections(sessionId);
  console.log(`\n  [waiting for the next model call: ${pending.map(textOf).join()}]`);
  return guidanceId;
}

let guidanceId: string | undefined;
let taken: unknown;
for await (const chunks of run) {
  for (const chunk of chunks) {
    if (chunk.metadata?.['injected'] === true) taken = chunk.metadata['guidance_id'];
    process.stdout.write(chunk.is_chunk ? textOf(chunk) : `\n  [${chunk.message_type}: ${textOf(chunk)}]\n`);
    guidanceId ??= await typeAndCorrect(run.sessionId);
  }
}

assert.equal(taken, guidanceId);
assert.deepEqual((await run.outcome).pendingGuidance, []);
assert.equal(model.requests[1]?.messages.at(-1).content, 'Make it for eight');
console.log('ok: the edited guidance was seen before the next model call');
