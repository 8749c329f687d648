import type { SubAgent } from '../../agents/fibre/sub-agent.ts';
import type { NodeModelConfig } from '../../flow/flow.ts';
import type { ToolSource } from '../../tools/tool-manager.ts';
import { invalid, isRecord, mustBeCount, mustBeOneOf, mustBeText, refuseUnknown } from './check-values.ts';

/** A sub-agent of the host's, its name found and its defaults filled in. */
export interface HostSubAgent extends SubAgent {
  readonly model_config?: NodeModelConfig;
}

const known = [
  'agent_id',
  'agent_key',
  'name',
  'description',
  'system_prompt',
  'available_tools',
  'available_skills',
  'agent_mode',
  'model_config',
];
const knownModelConfig = ['model', 'temperature', 'top_p', 'max_tokens', 'presence_penalty', 'extra_body'];

/**
 * Reads Sage's records, in which `null` is "not there".
 *
 * @throws {SageError} `invalid-argument` naming the place, what was given and what is allowed. Skills are looked for when the run
 *   opens.
 */
export function checkSubAgents(given: unknown, tools: ToolSource | undefined): readonly HostSubAgent[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw invalid('customSubAgents', typeof given, 'a list of agents');
  const agents = given.map((one: unknown, place) => readSubAgent(one, `customSubAgents[${place}]`, tools));
  for (const [place, { agent_id, name }] of agents.entries()) {
    const before = agents.slice(0, place);
    const taken = before.some((one) => one.agent_id === agent_id || one.name === name);
    if (taken) throw invalid(`customSubAgents[${place}]`, `a second "${agent_id}"`, 'agents with other ids and names');
  }
  return agents;
}

function readSubAgent(given: unknown, place: string, tools: ToolSource | undefined): HostSubAgent {
  if (!isRecord(given)) throw invalid(place, given, `an object with name, and any of ${known.join(', ')}`);
  refuseUnknown(given, known, `${place}.`);
  const record = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const { name, agent_id, agent_key, description = '', system_prompt, agent_mode = 'simple' } = record;
  if (typeof name !== 'string' || name.trim() === '') throw invalid(`${place}.name`, name, 'a name');
  for (const field of ['agent_id', 'agent_key', 'system_prompt'] as const)
    mustBeText(`${place}.${field}`, record[field]);
  if (typeof description !== 'string') throw invalid(`${place}.description`, description, 'a string');
  mustBeOneOf(`${place}.agent_mode`, agent_mode, ['simple', 'fibre']);
  const available_skills = readSkillNames(record['available_skills'], `${place}.available_skills`);
  const available_tools = readTools(record['available_tools'], place, tools);
  const model_config = readModelConfig(record['model_config'], `${place}.model_config`);
  return {
    agent_id: (agent_id ?? agent_key ?? name) as string,
    name,
    description,
    agent_mode: agent_mode as SubAgent['agent_mode'],
    ...(system_prompt === undefined ? {} : { system_prompt: system_prompt as string }),
    ...(available_tools === undefined ? {} : { available_tools }),
    ...(available_skills === undefined ? {} : { available_skills }),
    ...(model_config === undefined ? {} : { model_config }),
  };
}

function readSkillNames(given: unknown, option: string): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.some((name) => typeof name !== 'string'))
    throw invalid(option, given, 'names of skills');
  return given;
}

function readTools(given: unknown, place: string, tools: ToolSource | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const option = `${place}.available_tools`;
  if (!Array.isArray(given) || given.some((name) => typeof name !== 'string'))
    throw invalid(option, given, 'names of tools');
  const unknown = (given as readonly string[]).find((name) => tools?.getTool(name) === undefined);
  if (unknown === undefined) return given;
  const names = tools?.listTools().map(({ name }) => name) ?? [];
  throw invalid(option, unknown, names.length === 0 ? 'no tools, for the run has none' : names.join(', '));
}

function readModelConfig(given: unknown, option: string): NodeModelConfig | undefined {
  if (given === undefined) return undefined;
  if (!isRecord(given)) throw invalid(option, typeof given, 'an object');
  refuseUnknown(given, knownModelConfig, `${option}.`);
  mustBeText(`${option}.model`, given['model']);
  for (const name of ['temperature', 'top_p', 'presence_penalty']) {
    const value = given[name];
    if (value !== undefined && !Number.isFinite(value)) throw invalid(`${option}.${name}`, value, 'a number');
  }
  if (given['max_tokens'] !== undefined) mustBeCount(`${option}.max_tokens`, given['max_tokens']);
  const { extra_body } = given;
  if (extra_body !== undefined && !isRecord(extra_body)) throw invalid(`${option}.extra_body`, extra_body, 'an object');
  return given;
}
