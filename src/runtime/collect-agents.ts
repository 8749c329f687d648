import type { Agent } from '../agents/agent.ts';
import { fromDefinition, type AgentDefinition } from '../agents/define-agent.ts';
import { fibreAgent } from '../agents/fibre/fibre.ts';
import { lazyAgent } from '../agents/lazy-agent.ts';
import { simpleAgent } from '../agents/simple.ts';
import { invalid, isRecord } from './options/check-values.ts';

const helpers = () => import('../agents/helper-agents.ts');

const builtIn: readonly Agent[] = [
  simpleAgent,
  fibreAgent,
  lazyAgent('memory_recall', async () => (await helpers()).memoryRecallAgent),
  lazyAgent('plan', async () => (await helpers()).planAgent),
  lazyAgent('query_suggest', async () => (await helpers()).querySuggestAgent),
  lazyAgent('self_check', async () => (await helpers()).selfCheckAgent),
  lazyAgent('task_completion_judge', async () => (await helpers()).taskCompletionJudgeAgent),
  lazyAgent('task_executor', async () => (await helpers()).taskExecutorAgent),
  lazyAgent('task_observation', async () => (await helpers()).taskObservationAgent),
  lazyAgent('task_planning', async () => (await helpers()).taskPlanningAgent),
  lazyAgent('task_summary', async () => (await helpers()).taskSummaryAgent),
  lazyAgent('tool_suggestion', async () => (await helpers()).toolSuggestionAgent),
];

/** The agents that flows can name, by key. */
export interface Agents {
  readonly all: ReadonlyMap<string, Agent>;
  /** Keys of those the host brought. */
  readonly hosts: ReadonlySet<string>;
}

/** @throws {SageError} `invalid-argument` for what is no agent, and for a key that is taken. */
export function collectAgents(definitions: readonly AgentDefinition[]): Agents {
  const all = new Map(builtIn.map((agent) => [agent.key, agent]));
  const hosts = new Set<string>();
  if (!Array.isArray(definitions))
    throw invalid('agents', typeof definitions, 'a list of agents made with defineAgent');
  for (const [index, definition] of definitions.entries()) {
    if (!isDefinition(definition))
      throw invalid(`agents[${index}]`, typeof definition, 'an agent made with defineAgent');
    const { key } = definition;
    if (all.has(key)) throw invalid('agents', `two agents "${key}"`, `other keys than ${[...all.keys()].join(', ')}`);
    all.set(key, fromDefinition(definition));
    hosts.add(key);
  }
  return { all, hosts };
}

function isDefinition(given: unknown): given is AgentDefinition {
  return (
    isRecord(given) && typeof given['key'] === 'string' && given['key'] !== '' && typeof given['run'] === 'function'
  );
}
