import type { Agent } from '../agents/agent.ts';
import { fromDefinition, type AgentDefinition } from '../agents/define-agent.ts';
import { simpleAgent } from '../agents/simple.ts';
import { invalid } from './check-values.ts';

/** The agents that flows can name, by key. */
export interface Agents {
  readonly all: ReadonlyMap<string, Agent>;
  /** Keys of those the host brought. */
  readonly hosts: ReadonlySet<string>;
}

/** @throws {SageError} `invalid-argument` for what is no agent, and for a key that is taken. */
export function collectAgents(definitions: readonly AgentDefinition[]): Agents {
  const all = new Map<string, Agent>([[simpleAgent.key, simpleAgent]]);
  const hosts = new Set<string>();
  for (const definition of definitions) {
    const { key } = definition;
    if (typeof key !== 'string' || key === '' || typeof definition.run !== 'function') {
      throw invalid('agents', definition, 'agents made with defineAgent');
    }
    if (all.has(key)) throw invalid('agents', `two agents "${key}"`, `other keys than ${[...all.keys()].join(', ')}`);
    all.set(key, fromDefinition(definition));
    hosts.add(key);
  }
  return { all, hosts };
}
