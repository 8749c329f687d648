/**
 * Fibre: an agent that has others work for it, side by side, and puts their results together.
 *
 * Each of them is a session of its own, in the journal of the one it works for. Their chunks stream in the same run as they
 * come, under their own `session_id` and `agent_name`; whoever delegated is given what each came to, in the order of its tasks.
 */
import assert from 'node:assert/strict';
import { SAgent, textOf, type MessageChunk } from 'sagents';
import { scriptedTeam } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const ways = ['north', 'east', 'south'];
const tasks = ways.map((way) => ({ agent_id: way, task_name: way, content: `Go ${way}. Where can two sit and eat?` }));
const delegate = { name: 'sys_delegate_task', arguments: { tasks } };
const usage = { prompt_tokens: 100, completion_tokens: 10 };

// Nobody says a second word before all have said a first one: this program is to print the same on any machine.
const allHaveBegun = Promise.withResolvers<void>();
let begun = 0;
const together = {
  1: () => {
    begun += 1;
    if (begun === ways.length) allHaveBegun.resolve();
    return allHaveBegun.promise;
  },
};

// A request is answered from the first script whose name stands in its system message.
const model = scriptedTeam({
  'You guide.': [
    { text: 'I send three.', toolCalls: [delegate], usage },
    { text: 'Go south, to the Lamp.', usage },
  ],
  'You walk north.': [{ text: ['A bakery, ', 'a butcher, ', 'an inn: ', 'closed.'], usage, at: together }],
  'You walk east.': [{ text: ['A stall: ', 'soup, standing.'], usage, at: together }],
  'You walk south.': [{ text: ['The Lamp: ', 'six tables, ', 'two free.'], usage, at: together }],
});

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions });
const run = agent.runStream({
  agentMode: 'fibre',
  inputMessages: [{ role: 'user', content: 'Where can the two of us sit down and eat?' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You guide.',
  maxLoopCount: 10,
  sandboxAgentWorkspace: folders.workspace,
  customSubAgents: ways.map((way) => ({ name: way, description: `Goes ${way}.`, system_prompt: `You walk ${way}.` })),
});

const pieces: MessageChunk[] = [];
for await (const chunks of run) pieces.push(...chunks.filter((chunk) => chunk.is_chunk && textOf(chunk) !== ''));
const outcome = await run.outcome;
for (const piece of pieces) console.log(`${piece.agent_name?.padEnd(8)}${textOf(piece)}`);

// Each can be read by its own id, as any session can.
const children = (await agent.listChildren(run.sessionId)) ?? [];
console.log(`\nFor session ${run.sessionId} worked:`);
for (const { sessionId, agentId, status } of children) {
  const said = (await agent.getMessages(sessionId))?.filter(({ message_type }) => message_type === 'assistant_text');
  console.log(`  ${sessionId}  ${agentId.padEnd(8)}${status}: ${said?.map(textOf).join()}`);
}

const result = model.members['You guide.'].requests[1]?.messages.at(-1);
const { results } = JSON.parse(String(result.content));
const walkers = pieces.filter(({ session_id }) => session_id !== run.sessionId).map(({ agent_name }) => agent_name);
assert.deepEqual(new Set(walkers.slice(0, 3)), new Set(ways), 'all have begun before one was through');
assert.deepEqual(
  results.map(({ task_name }: { task_name: string }) => task_name),
  ways,
);
assert.deepEqual(
  children.map(({ parentId, agentId }) => [parentId, agentId]),
  ways.map((way) => [run.sessionId, way]),
);
assert.deepEqual([outcome.reason, outcome.usage.calls, outcome.usage.outputTokens], ['done', 5, 50]);
console.log('ok: three spoke side by side, and their results came in the order of the tasks');
