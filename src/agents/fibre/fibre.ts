import type { Agent } from '../agent.ts';
import { workOn } from '../simple.ts';

/** One agent that plans and acts as `simple` does, and has others work for it through its `sys_` tools. */
export const fibreAgent: Agent = {
  key: 'fibre',
  run: (context) => workOn(context),
};
