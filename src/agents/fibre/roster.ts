import type { ToolState } from '../../tools/tool.ts';
import type { SubAgent } from './sub-agent.ts';

/** An agent that a session has spawned, with the call that did it: run again after a crash, that call finds it. */
interface Spawned extends SubAgent {
  readonly spawned_by: string;
}

const stateKey = 'sub_agents';

/** The agents a session can delegate to: those of the host, and those it has spawned itself, which it keeps. */
export class Roster {
  /** Those of the host: the same in every request of the run. */
  readonly given: readonly SubAgent[];

  constructor(given: readonly SubAgent[]) {
    this.given = given;
  }

  list(state: Pick<ToolState, 'get'>): readonly SubAgent[] {
    return [...this.given, ...spawnedIn(state)];
  }

  find(state: Pick<ToolState, 'get'>, agentId: string): SubAgent | undefined {
    return this.list(state).find(({ agent_id }) => agent_id === agentId);
  }

  spawnedBy(state: Pick<ToolState, 'get'>, key: string): SubAgent | undefined {
    return spawnedIn(state).find(({ spawned_by }) => spawned_by === key);
  }

  add(state: ToolState, agent: SubAgent, key: string): void {
    state.set(stateKey, [...spawnedIn(state), { ...agent, spawned_by: key }]);
  }
}

function spawnedIn(state: Pick<ToolState, 'get'>): readonly Spawned[] {
  // Only `add` writes it.
  return (state.get(stateKey) as readonly Spawned[] | undefined) ?? [];
}
