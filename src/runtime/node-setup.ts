import { agentNodesOf } from '../flow/agent-nodes.ts';
import type { AgentConfig, AgentFlow, AgentNode } from '../flow/flow.ts';
import { workflowsPrompt } from '../agents/prompts/workflows.ts';
import { ToolChoice } from '../agents/tool-choice.ts';
import type { Prefix } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import { listSkills } from '../skills/list-skills.ts';
import { loadSkillTool } from '../skills/load-skill.ts';
import { joinTools } from '../tools/joined-tools.ts';
import { loadWorkflowTool } from '../tools/load-workflow.ts';
import type { ToolSource } from '../tools/tool-manager.ts';
import type { Tool } from '../tools/tool.ts';
import { ToolProxy } from '../tools/tool-proxy.ts';
import type { CheckedOptions } from './options/check-options.ts';
import { invalid } from './options/check-values.ts';
import { overrideModel, smallModel } from './options/override-model.ts';
import type { ModelConfig } from './options/run-options.ts';
import { createPrompt, prefixOf, type Prompt } from './prompt.ts';

/** What the agent of one node works with, frozen for the run. */
export interface NodeSetup {
  readonly prompt: Prompt;
  readonly tools: ToolSource;
}

/** What the runtime itself gives an agent: a part of its system message, and tools beside the host's. */
export interface Equipment {
  readonly text: string;
  readonly tools: readonly Tool[];
}

/** The run's options, as a node has them. */
interface NodeOptions extends CheckedOptions {
  readonly small: ModelConfig | undefined;
}

export interface SetupOptions {
  readonly thinking: string | undefined;
  /** Of every agent. */
  readonly forAll: readonly Equipment[];
  /** Of one that delegates, which has these options; `undefined` where none of them is run. */
  readonly forFibre: ((options: CheckedOptions) => Equipment) | undefined;
}

/** The setups of a flow's agents: the run's own, but where an `agent_config` overrides it, and where they delegate. */
export class NodeSetups {
  readonly #run: NodeSetup;
  readonly #fibre: NodeSetup | undefined;
  readonly #own = new Map<AgentNode, NodeSetup>();

  constructor(flow: AgentFlow, options: CheckedOptions, { thinking, forAll, forFibre }: SetupOptions) {
    const setUpFor = (set: NodeOptions, equip: SetupOptions['forFibre']) =>
      setUp(set, thinking, equip === undefined ? forAll : [equip(set), ...forAll]);
    const run = withConfig(options, {});
    this.#run = setUpFor(run, undefined);
    this.#fibre = forFibre && setUpFor(run, forFibre);
    for (const node of agentNodesOf(flow.root).values()) {
      if (node.agent_config === undefined) continue;
      this.#own.set(node, setUpFor(withConfig(options, node.agent_config), isFibre(node) ? forFibre : undefined));
    }
  }

  /** A node with a list of tools of its own offers those; any other may choose among many. */
  of(node: AgentNode, session: Session): NodeSetup {
    const { prompt, tools } = this.#own.get(node) ?? (isFibre(node) ? this.#fibre : undefined) ?? this.#run;
    if (node.agent_config?.available_tools !== undefined) return { prompt, tools };
    const choice = new ToolChoice(tools, prompt.tools, session);
    return {
      tools: choice.all,
      prompt: {
        ...prompt,
        get tools() {
          return choice.specs;
        },
      },
    };
  }

  /** Those of any node. */
  get tools(): ToolSource {
    return (this.#fibre ?? this.#run).tools;
  }

  /** What any request of the run can begin with. */
  get prefix(): Prefix {
    const fibre = this.#fibre === undefined ? [] : [this.#fibre];
    return prefixOf([this.#run, ...fibre, ...this.#own.values()].map(({ prompt }) => prompt));
  }
}

/** Fields of `agent_config` that mean the same for every agent. */
const known = ['name', 'system_prefix', 'available_tools', 'model_config'];

/**
 * Checks what a flow cannot know: tools are the run's, and only an agent of the host's has a use for fields of its own.
 *
 * @throws {SageError} `invalid-argument`.
 */
export function checkAgentConfigs(
  flow: AgentFlow,
  tools: ToolSource | undefined,
  hostAgents: ReadonlySet<string>,
): void {
  for (const [path, { agent_key, agent_config = {} }] of agentNodesOf(flow.root)) {
    const unknown = Object.keys(agent_config).find((field) => !known.includes(field));
    if (unknown !== undefined && !hostAgents.has(agent_key)) {
      throw invalid('customFlow', `${path}/agent_config/${unknown}`, `for agent "${agent_key}" ${known.join(', ')}`);
    }
    const missing = agent_config.available_tools?.find((name) => tools?.getTool(name) === undefined);
    if (missing === undefined) continue;
    const names = tools?.listTools().map(({ name }) => name) ?? [];
    throw invalid(
      'customFlow',
      `tool ${missing} in ${path}/agent_config/available_tools`,
      names.length === 0 ? 'no tools, for the run has no toolManager' : names.join(', '),
    );
  }
}

function isFibre({ agent_key }: AgentNode): boolean {
  return agent_key === 'fibre';
}

function setUp(options: NodeOptions, thinking: string | undefined, given: readonly Equipment[]): NodeSetup {
  const all = [...given, ...skillsOf(options), ...proceduresOf(options)];
  const tools = joinTools(
    options.toolManager,
    all.flatMap((one) => one.tools),
  );
  const systemPrefix = [options.systemPrefix, ...all.map(({ text }) => text)]
    .filter((text) => text !== '')
    .join('\n\n');
  return { prompt: createPrompt({ ...options, systemPrefix, toolManager: tools }, thinking), tools };
}

function skillsOf({ skills }: CheckedOptions): Equipment[] {
  return skills.length === 0 ? [] : [{ text: listSkills(skills), tools: [loadSkillTool(skills)] }];
}

function proceduresOf({ availableWorkflows: workflows = {} }: CheckedOptions): Equipment[] {
  const names = Object.keys(workflows).sort();
  if (names.length === 0) return [];
  return [{ text: workflowsPrompt({ names }), tools: [loadWorkflowTool(workflows)] }];
}

function withConfig(options: CheckedOptions, config: AgentConfig): NodeOptions {
  const { system_prefix: systemPrefix, available_tools: allow, model_config: model = {} } = config;
  const { toolManager } = options;
  return {
    ...options,
    ...(systemPrefix === undefined ? {} : { systemPrefix }),
    ...(allow === undefined || toolManager === undefined ? {} : { toolManager: new ToolProxy(toolManager, { allow }) }),
    modelConfig: overrideModel(options.modelConfig, model),
    small: smallModel(options.modelConfig, model),
  };
}
