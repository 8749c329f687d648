import { SageError } from '../../errors.ts';
import { defineTool, type Tool } from '../../tools/tool.ts';
import type { DelegationTool } from './delegation-tools.ts';
import type { Delegator } from './delegator.ts';
import type { SubAgent } from './sub-agent.ts';

const name = 'sys_spawn_agent' satisfies DelegationTool;

const parameters = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 80, description: 'A short name that no other agent has.' },
    description: { type: 'string', minLength: 1, description: 'What it is good for.' },
    system_prompt: { type: 'string', minLength: 1, description: 'Who it is, what it knows, and how it works.' },
    available_tools: {
      type: 'array',
      items: { type: 'string' },
      description: 'The tools it gets, of those you have. Default: all of them.',
    },
    agent_mode: {
      type: 'string',
      enum: ['simple', 'fibre'],
      description: '"fibre" lets it delegate parts of its tasks itself. Default: "simple".',
    },
  },
  required: ['name', 'description', 'system_prompt'],
  additionalProperties: false,
} as const;

/** Makes an agent for the session to delegate to. It is kept with the session; nothing runs yet. */
export function spawnAgentTool({ roster, tools }: Delegator): Tool {
  return defineTool({
    name,
    description:
      'Makes an agent that you can delegate tasks to, where none of those that are there fits. Returns its agent_id; give it work with sys_delegate_task.',
    parameters,
    effect: 'idempotent',
    execute(args, { state, idempotencyKey }) {
      const known = roster.spawnedBy(state, idempotencyKey);
      if (known !== undefined) return spawned(known);
      const others = roster.list(state);
      const isTaken = (text: string) => others.some((one) => one.name === text || one.agent_id === text);
      if (isTaken(args.name))
        throw refused(`There is an agent "${args.name}" already. Delegate to it, or choose another name.`);
      const unknown = args.available_tools?.filter((tool) => tools.getTool(tool) === undefined) ?? [];
      if (unknown.length > 0) {
        const yours = tools.listTools().map((tool) => tool.name);
        const known = yours.length === 0 ? 'You have no tools to hand on.' : `Your tools: ${yours.join(', ')}.`;
        throw refused(`There is no tool ${unknown.join(', ')}. ${known}`);
      }
      const agent = toAgent(args, isTaken);
      roster.add(state, agent, idempotencyKey);
      return spawned(agent);
    },
  });
}

type Given = Omit<SubAgent, 'agent_id' | 'agent_mode' | 'available_tools'> & {
  readonly available_tools?: readonly string[] | undefined;
  readonly agent_mode?: SubAgent['agent_mode'] | undefined;
};

function toAgent(
  { available_tools, agent_mode = 'simple', ...given }: Given,
  isTaken: (id: string) => boolean,
): SubAgent {
  const agent_id = freeId(given.name, isTaken);
  return { agent_id, ...given, agent_mode, ...(available_tools === undefined ? {} : { available_tools }) };
}

/** The name as an id, with a number behind it where that is taken. */
function freeId(text: string, isTaken: (id: string) => boolean): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
  const id = plain === '' ? 'agent' : plain;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? id : `${id}_${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}

function spawned({ agent_id, name: called }: SubAgent): object {
  return { agent_id, name: called, message: `Agent "${called}" is ready. Delegate tasks to "${agent_id}".` };
}

function refused(message: string): SageError {
  return new SageError('tool-error', message, { tool: name });
}
