import { agent, parallel, sequence, type AgentFlow } from 'sagents';
import { team } from './team.ts';

/** One agent with its tools: what a run walks when nobody says otherwise. */
const chat: AgentFlow = { name: 'chat', description: 'One agent with its tools', root: agent('simple') };

const research: AgentFlow = {
  name: 'research',
  description: 'Two look into it side by side, a third writes',
  root: sequence([
    parallel([
      agent('simple', { name: 'Scout', system_prefix: 'You are the scout: find facts with your tools. Be brief.' }),
      agent('simple', {
        name: 'Sceptic',
        system_prefix: 'You are the sceptic: name what could be wrong. Be brief.',
        available_tools: [],
      }),
    ]),
    agent('simple', {
      name: 'Writer',
      system_prefix: 'You are the writer: answer the user from what was found.',
      available_tools: [],
    }),
  ]),
};

/** The flows a user can choose from; the first one is the default. */
export const flows: readonly AgentFlow[] = [chat, research, team];
