import type { SageError } from '../errors.ts';
import type { MessageChunk } from '../messages/message.ts';
import type { ChatModel, ModelRequest } from '../model/model.ts';
import type { BackgroundCommand } from '../sandbox/background.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Session } from '../session/session.ts';
import type { Skill } from '../skills/skill.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import type { PlacedCall } from '../tools/prepare-call.ts';
import type { HookRunner } from './hook-runner.ts';
import type { Permit } from './permit.ts';
import type { RunContext } from './run-context.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { ToolSource } from '../tools/tool-manager.ts';

/** Where a run stands; its outcome tells in which phase it ended. */
export type RunPhase = 'start' | 'model' | 'tools' | 'flow' | 'closing';

/** Milliseconds. `Infinity` is no deadline. */
export interface Deadlines {
  /** The whole run, also while its reader holds a batch. The others stop then. */
  readonly totalMs: number;
  /** One model call with its retries. */
  readonly stepMs: number;
  readonly firstChunkMs: number;
  readonly chunkMs: number;
  /** One tool; a tool's own `timeoutMs` comes first. */
  readonly toolMs: number;
  /** One hook. */
  readonly hookMs: number;
}

/** What the run may still spend, as its journal tells. */
export interface RunBudget {
  /** What the run was given: acting model calls, and rounds of multi. */
  readonly maxLoopCount: number;
  /** Acting model calls so far, over all attempts. */
  stepsTaken(): number;
  /** Acting model calls left. */
  stepsLeft(): number;
  /** Tool calls that `limits.maxToolCalls` still lets start. */
  toolCallsLeft(): number;
  /** Whether `limits.maxTokens` is used up. */
  isSpent(): boolean;
}

/** What an agent of a flow works with. It keeps nothing itself: what must outlive a step is in the session. */
export interface AgentContext {
  readonly session: Session;
  /** Its node's path in the flow of this run: what the agent has said there, it has said as this node. */
  readonly node: string;
  readonly agentName: string;
  /** Of the node. */
  readonly agentConfig: Readonly<Record<string, unknown>>;
  /** The run, as the host's own agents see it. */
  readonly view: RunContext;
  readonly model: ChatModel;
  /** What every request of the run shares: the system message, the tools, the parameters. */
  readonly prompt: {
    readonly system: readonly string[];
    readonly tools: string | undefined;
    readonly parameters: ModelRequest['parameters'];
    /** The same for small jobs: of `modelConfig.fast`, where there is one. */
    readonly fast: ModelRequest['parameters'];
  };
  readonly tools: ToolSource;
  readonly permit: Permit;
  /** The host's; `undefined` where it has none. */
  readonly hooks: HookRunner | undefined;
  /** What `load_skill` can load. */
  readonly skills: readonly Skill[];
  readonly budget: RunBudget;
  readonly signal: AbortSignal;
  readonly clock: ActiveClock;
  readonly deadlines: Deadlines;
  readonly graceMs: number;
  /** What tools are told of the run. */
  readonly identity: Pick<ToolContext, 'tenantId' | 'userId' | 'agentId'>;
  readonly openSandbox: () => Promise<Sandbox>;
  /** Whether the workspace has one of these; without a sandbox being opened to find out. */
  readonly hasInWorkspace: (names: readonly string[]) => Promise<boolean>;
  /** Background commands that ended, and of which the model has not been told. */
  readonly endedCommands: () => readonly BackgroundCommand[];
  readonly enter: (phase: RunPhase) => void;
  readonly onAbandoned: (placed: PlacedCall) => void;
}

/** What an agent came to. After anything but `done` the flow goes no further. `stopped`: its signal aborted. */
export type NodeOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'need-user-input' }
  | { readonly type: 'max-loops' }
  | { readonly type: 'loop-detected' }
  | { readonly type: 'budget' }
  /** A call waits for a person: the run is continued when somebody has answered. */
  | { readonly type: 'approval-required' }
  /** A hook of the host's has ended the run. */
  | { readonly type: 'hook-stopped'; readonly reason: string }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: SageError };

/** An agent that a flow can name. `run` is re-entrant: after a crash it goes on from what the session says. */
export interface Agent {
  readonly key: string;
  run(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome>;
}
