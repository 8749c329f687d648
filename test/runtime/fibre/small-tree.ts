import { expect } from 'vitest';
import { builtinTools, textOf, ToolManager, type MessageChunk, type SAgent } from '../../../src/index.ts';
import type { TestHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { delegateTo, fibre, finish, subAgent, teamOf, watch } from './team.ts';

/** Ann has Bob help her: children `ann` and `bob`. */
const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), subAgent('Bob')];
const todo = call('todo_write', { tasks: [{ id: '1', content: 'Look', status: 'completed' }] });

/** The whole run, with the ids of both. */
export async function runTree(house: TestHouse, onChunk: (chunk: MessageChunk) => unknown = () => {}) {
  const team = teamOf({
    lead: [delegateTo('Ann'), 'Ok.'],
    Ann: [delegateTo('Bob'), finish('a')],
    Bob: [todo, { text: ['I am ', 'Bob.'] }],
  });
  const toolManager = new ToolManager({ tools: [...builtinTools()] });
  const told = await watch(house.run(team, { ...fibre, customSubAgents, toolManager }), onChunk);
  const [ann = '', bob = ''] = ((await house.agent.listChildren('s')) ?? []).map(({ sessionId }) => sessionId);
  return { ...told, ann, bob };
}

export const textsOf = async (agent: SAgent, sessionId: string) => (await agent.getMessages(sessionId))?.map(textOf);
export const bobsWords = ['# for Bob\n\nDo it, Bob!', '', expect.any(String), 'I am Bob.', ''];
