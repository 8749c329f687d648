// The run
export { SAgent, type SAgentOptions, type StartedRun } from './runtime/s-agent.ts';
export type { Run } from './runtime/run.ts';
export type { CustomSubAgent, ModelConfig, RunLimits, RunOptions } from './runtime/options/run-options.ts';
export type { RunOutcome, RunReason } from './runtime/run-outcome.ts';
export type { Deadlines, RunPhase } from './agents/agent.ts';
export type { SessionHelpers } from './runtime/session-helpers.ts';
export type { ActiveSession, SessionReader } from './runtime/session-reader.ts';
export type { ChildSession } from './runtime/children/list-children.ts';
export type { WhenApprovalNeeded } from './runtime/confirmation/approvals.ts';
export type { ConfirmationAnswer } from './runtime/confirmation/answer-confirmation.ts';
export type { PendingConfirmation } from './runtime/confirmation/confirmations.ts';
export type { FollowOptions } from './runtime/follow-session.ts';
export type { RunTrace } from './runtime/read-trace.ts';
export type { TraceStep } from './session/trace.ts';

// Flows and agents
export { agent, choose, loop, parallel, sequence, when } from './flow/build.ts';
export { toMermaid } from './flow/to-mermaid.ts';
export type {
  AgentConfig,
  AgentFlow,
  AgentNode,
  FlowNode,
  IfNode,
  LoopNode,
  NodeModelConfig,
  ParallelNode,
  SequenceNode,
  SwitchNode,
} from './flow/flow.ts';
export { defineAgent, type AgentDefinition, type CustomAgentContext, type SaidMessage } from './agents/define-agent.ts';
export type { NodeOutcome } from './agents/agent.ts';
export type { RunContext, RunSettings } from './agents/run-context.ts';
export type { StepOutcome } from './agents/step.ts';

// Hooks
export type { BeforeToolResult, HookContext, HookedCall, HookedResult, Hooks } from './agents/hooks.ts';

// Messages
export { assembleMessages } from './messages/assemble.ts';
export { isVisible } from './messages/visibility.ts';
export { textOf } from './messages/message.ts';
export type { InputMessage } from './messages/codec.ts';
export type {
  Content,
  ContentPart,
  ErrorInfo,
  Incomplete,
  Message,
  MessageChunk,
  MessageType,
  Metadata,
  Role,
} from './messages/message.ts';
export type { ToolCall, ToolCallPiece, ToolSpec } from './messages/tool-call.ts';
export type { Usage } from './messages/usage.ts';

// Tools
export { defineTool } from './tools/tool.ts';
export type {
  SandboxToolContext,
  ShellArguments,
  Tool,
  ToolContext,
  ToolEffect,
  ToolState,
  ToolTraits,
} from './tools/tool.ts';
export { ToolManager, type RegisterOptions, type ToolSource } from './tools/tool-manager.ts';
export type { MethodDescription, MethodDescriptions } from './tools/described-methods.ts';
export type { RunToolContext } from './tools/run-alone.ts';
export { ToolProxy } from './tools/tool-proxy.ts';
export { askUser } from './tools/builtin/ask-user.ts';
export { builtinTools } from './tools/builtin/builtin-tools.ts';
export type {
  HttpMcpServer,
  McpConfig,
  McpServerConfig,
  McpToolSettings,
  RegisterMcpOptions,
  StdioMcpServer,
} from './tools/mcp/mcp-config.ts';
export type { McpServerStatus } from './tools/mcp/mcp-server.ts';

// Skills
export { SkillManager } from './skills/skill-manager.ts';
export { SkillProxy } from './skills/skill-proxy.ts';
export type { Skill, SkillProblem, SkillSource } from './skills/skill.ts';

// Permission
export { PermissionEngine } from './tools/permission/permission-engine.ts';
export type {
  PermissionAction,
  PermissionCall,
  PermissionMatch,
  PermissionMode,
  PermissionOptions,
  PermissionRule,
  RuledClass,
  Verdict,
} from './tools/permission/permission.ts';

// Sandboxes
export { openSandbox, probeSandbox } from './sandbox/open-sandbox.ts';
export type { OpenSandboxOptions, SandboxOptions, SandboxReport } from './sandbox/open-sandbox.ts';
export type { LimitName, LimitStrength, SandboxLimits } from './sandbox/limits.ts';
export type { RemoteServer } from './sandbox/remote/connection.ts';
export type { TodoTask } from './tools/builtin/todo.ts';
export type {
  EndedBy,
  ExecOptions,
  ExecResult,
  FileInfo,
  GlobOptions,
  GlobResult,
  OutputPiece,
  Sandbox,
  SandboxType,
  VolumeMount,
} from './sandbox/sandbox.ts';
export type {
  BackgroundCommand,
  BackgroundOptions,
  FollowOutputOptions,
  OutputRange,
  WaitOptions,
} from './sandbox/background.ts';
export type { GrepMatch, GrepOptions, GrepResult } from './sandbox/grep.ts';

// Sessions
export type { PendingGuidance } from './session/guidance-queue.ts';
export type { SessionStatus } from './session/status.ts';

// The model
export type { ChatModel, ChatRequest, ChatRequestOptions } from './model/model.ts';

// Errors
export { isSageError, SageError, type SageErrorCode, type SageErrorFacts } from './errors.ts';
