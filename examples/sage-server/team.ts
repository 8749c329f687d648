import { agent, type AgentFlow, type CustomSubAgent } from 'sagents';

/** A lead that has others work for it, each in a session of its own. */
export const team: AgentFlow = {
  name: 'team',
  description: 'A lead has three others work for it',
  root: agent('fibre', {
    name: 'Lead',
    system_prefix:
      'You are the lead of a team: delegate the parts, then answer the user from what came of them. Use Markdown.',
  }),
};

/** Whom the lead can delegate to. The planner may delegate in turn. */
export const teamMembers: readonly (CustomSubAgent & { readonly agent_id: string })[] = [
  {
    agent_id: 'forecaster',
    name: 'Forecaster',
    description: 'Looks at the weather of a place.',
    system_prompt: 'You are the forecaster of a team: ask your tools, and be brief.',
    available_tools: ['get_weather'],
  },
  {
    agent_id: 'planner',
    name: 'Planner',
    description: 'Plans days, and has its plans read by another one.',
    system_prompt:
      'You are the planner of a team: draft a plan, have it read, book what is to be booked, then write it down. Be brief.',
    available_tools: ['book_table'],
    agent_mode: 'fibre',
  },
  {
    agent_id: 'critic',
    name: 'Critic',
    description: 'Names what could go wrong.',
    system_prompt: 'You are the critic of a team: name what could go wrong. Be brief.',
    available_tools: [],
  },
];
