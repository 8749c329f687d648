import type { Agent } from './agent.ts';

/** An agent that is loaded when it is first run: importing sagents stays cheap. */
export function lazyAgent(key: string, load: () => Promise<Agent>): Agent {
  return {
    key,
    async *run(context) {
      const agent = await load();
      return yield* agent.run(context);
    },
  };
}
