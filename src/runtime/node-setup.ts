import { agentNodesOf } from '../flow/agent-nodes.ts';
import type { AgentConfig, AgentFlow, AgentNode, NodeModelConfig } from '../flow/flow.ts';
import { ToolChoice } from '../agents/tool-choice.ts';
import type { Prefix } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import { joinTools } from '../tools/joined-tools.ts';
import { listWorkflows, loadWorkflowTool } from '../tools/load-workflow.ts';
import type { ToolSource } from '../tools/tool-manager.ts';
import { ToolProxy } from '../tools/tool-proxy.ts';
import type { CheckedOptions } from './check-options.ts';
import { invalid } from './check-values.ts';
import { createPrompt, prefixOf, type Prompt } from './prompt.ts';
import type { ModelConfig } from './run-options.ts';

/** What the agent of one node works with, frozen for the run. */
export interface NodeSetup {
  readonly prompt: Prompt;
  readonly tools: ToolSource;
}

/** The setups of a flow's agents: the run's own, but where an `agent_config` overrides it. */
export class NodeSetups {
  readonly #run: NodeSetup;
  readonly #own = new Map<AgentNode, NodeSetup>();

  constructor(flow: AgentFlow, options: CheckedOptions, thinking: string | undefined) {
    this.#run = setUp(options, thinking);
    for (const node of agentNodesOf(flow.root).values()) {
      if (node.agent_config !== undefined) this.#own.set(node, setUp(withConfig(options, node.agent_config), thinking));
    }
  }

  /** A node with a list of tools of its own offers those; any other may choose among many. */
  of(node: AgentNode, session: Session): NodeSetup {
    const { prompt, tools } = this.#own.get(node) ?? this.#run;
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

  /** What any request of the run can begin with. */
  get prefix(): Prefix {
    return prefixOf([this.#run, ...this.#own.values()].map(({ prompt }) => prompt));
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

function setUp(options: CheckedOptions, thinking: string | undefined): NodeSetup {
  const workflows = options.availableWorkflows ?? {};
  const hasWorkflows = Object.keys(workflows).length > 0;
  const tools = joinTools(options.toolManager, hasWorkflows ? [loadWorkflowTool(workflows)] : []);
  const more = hasWorkflows ? [listWorkflows(workflows)] : [];
  const systemPrefix = [options.systemPrefix, ...more].filter((text) => text !== '').join('\n\n');
  return { prompt: createPrompt({ ...options, systemPrefix, toolManager: tools }, thinking), tools };
}

function withConfig(options: CheckedOptions, config: AgentConfig): CheckedOptions {
  const { system_prefix: systemPrefix, available_tools: allow, model_config: model = {} } = config;
  const { toolManager } = options;
  return {
    ...options,
    ...(systemPrefix === undefined ? {} : { systemPrefix }),
    ...(allow === undefined || toolManager === undefined ? {} : { toolManager: new ToolProxy(toolManager, { allow }) }),
    modelConfig: overrideModel(options.modelConfig, model),
  };
}

function overrideModel(run: ModelConfig, node: NodeModelConfig): ModelConfig {
  const {
    model,
    temperature,
    top_p: topP,
    max_tokens: maxTokens,
    presence_penalty: presencePenalty,
    extra_body,
  } = node;
  const given = { model, temperature, topP, maxTokens, presencePenalty };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const extraBody = { ...run.extraBody, ...extra_body };
  return { ...run, ...set, ...(Object.keys(extraBody).length === 0 ? {} : { extraBody }) };
}
