import path from 'node:path';
import type { Deadlines } from '../../agents/agent.ts';
import type { Hooks } from '../../agents/hooks.ts';
import type { AgentFlow, NodeModelConfig } from '../../flow/flow.ts';
import type { InputMessage } from '../../messages/codec.ts';
import type { ChatModel } from '../../model/model.ts';
import type { SandboxOptions } from '../../sandbox/open-sandbox.ts';
import type { SandboxType, VolumeMount } from '../../sandbox/sandbox.ts';
import type { SkillSource } from '../../skills/skill.ts';
import type { PermissionEngine } from '../../tools/permission/permission-engine.ts';
import type { PermissionOptions } from '../../tools/permission/permission.ts';
import type { ToolSource } from '../../tools/tool-manager.ts';
import type { WhenApprovalNeeded } from '../confirmation/approvals.ts';

/** What to run. `runStream` checks it before anything happens. */
export interface RunOptions {
  /** What the user says. `[]` continues a crashed run, or delivers pending guidance. */
  readonly inputMessages: readonly InputMessage[];
  /** Anything with `chat.completions.create`: the `openai` client, the scripted model, any compatible client. */
  readonly model: ChatModel;
  readonly modelConfig: ModelConfig;
  /** The system prompt. May be empty. */
  readonly systemPrefix: string;
  /** Acting model calls in the whole run, at least 1. */
  readonly maxLoopCount: number;
  /** Argument > the agent's > `SAGE_SANDBOX_MODE` > `'local'`. */
  readonly sandboxType?: SandboxType;
  /**
   * Where tools work. Required for local and passthrough; relative paths start at the current folder. For remote a folder
   * of the sandbox, default `/sage-workspace`.
   */
  readonly sandboxAgentWorkspace?: string;
  /** For remote: works in the sandbox its server has under this id, and leaves it there. Default: a new one for each run. */
  readonly sandboxId?: string;
  /** Folders of the host that tools find besides the workspace. A sandbox that cannot give one says so. Default: none. */
  readonly volumeMounts?: readonly VolumeMount[];
  /** Network, limits, variables, … Argument > the agent's, option by option. Never stored. */
  readonly sandboxOptions?: SandboxOptions;
  /** Argument > first message's `session_id` > a new id. Letters, digits, `.`, `_`, `-`, 1–128. */
  readonly sessionId?: string;
  readonly tenantId?: string;
  readonly userId?: string;
  readonly agentId?: string;
  /**
   * `simple`: one agent with its tools. `multi`: plans, does, looks and judges in rounds. `fibre`: one agent that has others work
   * for it. Default `'simple'`.
   */
  readonly agentMode?: 'simple' | 'multi' | 'fibre';
  /** What the run walks, instead of the default: built with `sequence`, `parallel`, … or read from Sage's flow JSON. */
  readonly customFlow?: AgentFlow;
  /** Whom `fibre` can delegate to from the start; it can spawn more. Default: nobody. */
  readonly customSubAgents?: readonly CustomSubAgent[];
  /** The tools offered to the model: nothing that the host did not put there. */
  readonly toolManager?: ToolSource;
  /**
   * Skills: the model is told their names and descriptions, and loads one with `load_skill`; `<skill>name</skill>` in a user
   * message loads it at once. They are read from disk when the run begins. Default: none.
   */
  readonly skillManager?: SkillSource | null;
  /** Facts shown to the model before the newest input, with the time: rendered once, and stored with the message. */
  readonly systemContext?: Readonly<Record<string, unknown>>;
  /** After the answer, suggests what the user may ask next. Default false. */
  readonly moreSuggest?: boolean;
  /** Ends with a summary of what was done. Default false. */
  readonly forceSummary?: boolean;
  /** Procedures by name: the model is told the names, and loads a text with `load_workflow`. Default: none. */
  readonly availableWorkflows?: Readonly<Record<string, string>>;
  /** Legacy: the same as `<enable_deep_thinking>` at the start of a user message, which wins. */
  readonly deepThinking?: boolean;
  /**
   * What calls may do: an engine, or what one is made of. Default: `{ mode: 'workspace-write' }`. It comes from the host's code
   * alone; see `docs/permissions.md`.
   */
  readonly permissions?: PermissionEngine | PermissionOptions;
  /**
   * What becomes of a call that needs a person. `'deny'` (default): it is refused. `'wait'`: the call waits for
   * `answerConfirmation`, 30 minutes at most. `'suspend'`: the run ends `waiting`, and is continued with `inputMessages: []` when
   * somebody has answered, within 7 days.
   */
  readonly whenApprovalNeeded?: WhenApprovalNeeded;
  /** Functions of the host that are called at the turns of the run. They can only be stricter than its rules. */
  readonly hooks?: Hooks;
  /** Lets input messages have the role `system`. Default false: whoever writes input could write the system prompt. */
  readonly allowSystemInMessages?: boolean;
  readonly limits?: RunLimits;
  /** Aborting it stops the run: `interrupted`/`aborted`. */
  readonly signal?: AbortSignal;
  /** Default: an hour in all, 600 s a step, 120 s to the first chunk, 60 s between chunks, 300 s a tool, 30 s a hook. */
  readonly deadlines?: Partial<Deadlines>;
  /** `'batch'` (default) syncs to the disk once a step; `'strict'` before every batch the reader sees. */
  readonly durability?: 'batch' | 'strict';
}

export interface ModelConfig {
  readonly model: string;
  readonly temperature?: number;
  readonly topP?: number;
  /** Tokens a reply may take. */
  readonly maxTokens?: number;
  readonly presencePenalty?: number;
  /** Tokens the model's context holds. Default 128,000. */
  readonly maxModelLen?: number;
  /**
   * A second model for small jobs: choosing among many tools, suggesting what to ask next. Its requests carry `extraBody`, and none of
   * the other fields, nor the thinking level. Default: the main model, with all of them.
   */
  readonly fast?: string;
  /** Fields of the request body that have no name here; they come last and win. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Overrides the client's for this run. Never stored, logged or yielded. */
  readonly apiKey?: string;
  readonly baseUrl?: string;
}

export interface RunLimits {
  /** Input and output tokens of all model calls. Used up, the run ends `failed`/`budget`. */
  readonly maxTokens?: number;
  /** Tool calls that may be started. Used up, the run ends `failed`/`budget`. */
  readonly maxToolCalls?: number;
  /** How deep children may delegate in turn; the run itself is depth 0. Default 4. */
  readonly maxDepth?: number;
  /** Tasks of one delegation. Default 16. */
  readonly maxChildrenPerCall?: number;
  /** New children in one run, their own children included. Default 64. */
  readonly maxChildrenPerTree?: number;
  /** Tasks of one delegation that are worked on side by side; the others wait. Default 8. */
  readonly maxChildrenAtOnce?: number;
}

/** An agent that tasks can be delegated to: a record as Sage writes it. */
export interface CustomSubAgent {
  /** What delegations name. Default: `agent_key`, else `name`. */
  readonly agent_id?: string | null;
  readonly agent_key?: string | null;
  /** What its chunks carry as `agent_name`. */
  readonly name: string;
  /** What it is good for: it is chosen by this. */
  readonly description?: string | null;
  /** Default: the run's `systemPrefix`. */
  readonly system_prompt?: string | null;
  /** Names of the run's tools. Default: all that whoever delegates to it has; it never gets more than that. */
  readonly available_tools?: readonly string[] | null;
  /** Names of the run's skills. Default: all that whoever delegates to it has; it never gets more than that. */
  readonly available_skills?: readonly string[] | null;
  /** `'fibre'` lets it delegate in turn. Default `'simple'`. */
  readonly agent_mode?: 'simple' | 'fibre' | null;
  /** Over the run's `modelConfig`, field by field. */
  readonly model_config?: NodeModelConfig | null;
}

export const defaultDeadlines: Deadlines = {
  totalMs: 3_600_000,
  stepMs: 600_000,
  firstChunkMs: 120_000,
  chunkMs: 60_000,
  toolMs: 300_000,
  hookMs: 30_000,
};

/** How long what was told to stop may take to end. */
export const graceMs = 2_000;

export function resolveWorkspace(workspace: string | undefined, sandboxType: SandboxType): string {
  return workspace === undefined || sandboxType === 'remote'
    ? (workspace ?? '/sage-workspace')
    : path.resolve(workspace);
}
