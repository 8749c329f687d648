import type { CustomSubAgent, RunOptions } from 'sagents';
import { runOptions, type TurnOptions } from '../run-options.ts';

/** Whom the master can delegate to; the scribe it spawns itself. */
const team: readonly CustomSubAgent[] = [
  { name: 'worker', description: 'Digs.', system_prompt: 'You are the worker.' },
  { name: 'boss', description: 'Has walls built.', system_prompt: 'You are the boss.', agent_mode: 'fibre' },
  { name: 'helper', description: 'Lays bricks.', system_prompt: 'You are the helper.' },
];

/** One turn of a session whose agent has others work for it. */
export function fibreOptions(turn: TurnOptions): RunOptions {
  return { ...runOptions(turn), systemPrefix: 'You are the master.', agentMode: 'fibre', customSubAgents: team };
}
