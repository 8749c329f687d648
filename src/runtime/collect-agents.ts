import type { Agent } from '../agents/agent.ts';
import { fromDefinition, type AgentDefinition } from '../agents/define-agent.ts';
import { taskCompletionJudgeAgent } from '../agents/multi/task-completion-judge.ts';
import { taskExecutorAgent } from '../agents/multi/task-executor.ts';
import { taskObservationAgent } from '../agents/multi/task-observation.ts';
import { taskPlanningAgent } from '../agents/multi/task-planning.ts';
import { memoryRecallAgent } from '../agents/memory-recall.ts';
import { planAgent } from '../agents/plan.ts';
import { querySuggestAgent } from '../agents/query-suggest.ts';
import { selfCheckAgent } from '../agents/self-check/self-check.ts';
import { simpleAgent } from '../agents/simple.ts';
import { taskSummaryAgent } from '../agents/task-summary.ts';
import { toolSuggestionAgent } from '../agents/tool-suggestion.ts';
import { invalid, isRecord } from './check-values.ts';

const builtIn: readonly Agent[] = [
  simpleAgent,
  taskPlanningAgent,
  taskExecutorAgent,
  taskObservationAgent,
  taskCompletionJudgeAgent,
  taskSummaryAgent,
  querySuggestAgent,
  planAgent,
  selfCheckAgent,
  toolSuggestionAgent,
  memoryRecallAgent,
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
