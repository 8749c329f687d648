import path from 'node:path';
import type { HookName } from '../../agents/hooks.ts';
import type { ChildLimits } from '../../agents/fibre/delegator.ts';
import { SageError } from '../../errors.ts';
import { toPermissionEngine, type PermissionEngine } from '../../tools/permission/permission-engine.ts';
import { readInputMessages, type ReadMessage } from '../../messages/codec.ts';
import type { SandboxOptions } from '../../sandbox/open-sandbox.ts';
import type { SandboxType, VolumeMount } from '../../sandbox/sandbox.ts';
import type { Skill } from '../../skills/skill.ts';
import { checkLimits } from './check-limits.ts';
import { checkModelConfig } from './check-model-config.ts';
import { checkSandboxOptions, checkVolumeMounts, readSandboxType } from './check-sandbox-options.ts';
import { checkSkills } from './check-skills.ts';
import { checkSubAgents, type HostSubAgent } from './check-sub-agents.ts';
import { checkWorkflows } from './check-workflows.ts';
import {
  invalid,
  isRecord,
  mustBeBoolean,
  mustBeCount,
  mustBeOneOf,
  mustBeText,
  refuseUnknown,
  unknownOption,
} from './check-values.ts';
import { readControlTags, type ControlTags } from './control-tags.ts';
import { defaultDeadlines, resolveWorkspace, type RunLimits, type RunOptions } from './run-options.ts';

/** Options that have been checked, with their defaults. */
export interface CheckedOptions extends Omit<
  RunOptions,
  'inputMessages' | 'deadlines' | 'sessionId' | 'limits' | 'permissions'
> {
  readonly input: readonly ReadMessage[];
  /** The given id, else the one the input carries. */
  readonly sessionId: string | undefined;
  readonly sandboxType: SandboxType;
  readonly workspace: string;
  /** Those of the run over those of the `SAgent`. */
  readonly sandboxOptions: SandboxOptions;
  readonly volumeMounts: readonly VolumeMount[];
  readonly deadlines: Required<NonNullable<RunOptions['deadlines']>>;
  readonly durability: 'batch' | 'strict';
  readonly permissions: PermissionEngine;
  readonly limits: RunLimits & ChildLimits;
  readonly subAgents: readonly HostSubAgent[];
  /** Read when the run opens; none before that. */
  readonly skills: readonly Skill[];
  readonly thinking: ControlTags['thinking'];
  readonly plan: boolean;
}

/** What the `SAgent` says about sandboxes; a run may say otherwise. */
export interface SandboxDefaults {
  readonly sandboxType?: SandboxType | undefined;
  readonly sandboxOptions?: SandboxOptions | undefined;
}

/** Part of the design, and not built yet. Each with the values that ask for nothing. */
const notAvailableYet = ['contextBudgetConfig'];

const known = [
  'inputMessages',
  'model',
  'modelConfig',
  'systemPrefix',
  'maxLoopCount',
  'sandboxType',
  'sandboxAgentWorkspace',
  'sandboxId',
  'moreSuggest',
  'forceSummary',
  'availableWorkflows',
  'sandboxOptions',
  'volumeMounts',
  'sessionId',
  'tenantId',
  'userId',
  'agentId',
  'agentMode',
  'customFlow',
  'customSubAgents',
  'toolManager',
  'permissions',
  'whenApprovalNeeded',
  'hooks',
  'skillManager',
  'systemContext',
  'deepThinking',
  'allowSystemInMessages',
  'limits',
  'signal',
  'deadlines',
  'durability',
];

/**
 * Checks what can be told without looking into the journal.
 *
 * @throws {SageError} `invalid-argument` naming the option, what was given and what is allowed; `not-available-yet`.
 */
export function checkOptions(options: RunOptions, agent: SandboxDefaults): CheckedOptions {
  if (!isRecord(options)) throw invalid('options', options, 'an object');
  refuseWhatIsNotThere(options);
  const { model, systemPrefix, maxLoopCount, agentMode = 'simple', durability = 'batch' } = options;
  const { whenApprovalNeeded = 'deny' } = options;
  if (typeof model?.chat?.completions?.create !== 'function') {
    throw invalid('model', typeof model, 'a client with chat.completions.create');
  }
  checkModelConfig(options.modelConfig);
  if (typeof systemPrefix !== 'string') throw invalid('systemPrefix', systemPrefix, 'a string, which may be empty');
  mustBeCount('maxLoopCount', maxLoopCount);
  mustBeOneOf('agentMode', agentMode, ['simple', 'multi', 'fibre']);
  mustBeOneOf('durability', durability, ['batch', 'strict']);
  mustBeOneOf('whenApprovalNeeded', whenApprovalNeeded, ['deny', 'wait', 'suspend']);
  const { toolManager, signal, systemContext } = options;
  if (toolManager !== undefined && typeof toolManager.listTools !== 'function') {
    throw invalid('toolManager', typeof toolManager, 'a ToolManager or ToolProxy');
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', signal, 'an AbortSignal');
  if (systemContext !== undefined && !isRecord(systemContext))
    throw invalid('systemContext', systemContext, 'an object');
  for (const name of ['tenantId', 'userId', 'agentId'] as const) mustBeText(name, options[name]);
  for (const name of ['deepThinking', 'allowSystemInMessages', 'moreSuggest', 'forceSummary'] as const)
    mustBeBoolean(name, options[name]);
  checkWorkflows(options);

  const sandboxType = readSandboxType(options.sandboxType ?? agent.sandboxType ?? process.env['SAGE_SANDBOX_MODE']);
  mustBeText('sandboxId', options.sandboxId);
  if (options.sandboxId !== undefined && sandboxType !== 'remote') {
    throw invalid('sandboxId', options.sandboxId, `none where sandboxType is '${sandboxType}'; 'remote' has ids`);
  }
  checkHooks(options.hooks);
  const limits = checkLimits(options.limits);
  const subAgents = checkSubAgents(options.customSubAgents, toolManager);
  checkSkills(options, subAgents);
  const { input, thinking, plan } = readInput(options);
  return {
    ...options,
    permissions: toPermissionEngine(options.permissions),
    limits,
    subAgents,
    skills: [],
    input,
    thinking,
    plan,
    sessionId: checkSessionId(options.sessionId, input),
    sandboxType,
    workspace: checkWorkspace(options.sandboxAgentWorkspace, sandboxType),
    sandboxOptions: { ...agent.sandboxOptions, ...checkSandboxOptions(options.sandboxOptions) },
    volumeMounts: checkVolumeMounts(options.volumeMounts),
    deadlines: checkDeadlines(options.deadlines),
    durability,
  };
}

/** A session's id is the name of its folder, so it holds nothing a path could use. */
export function mustBeSessionId(sessionId: unknown): asserts sessionId is string {
  if (typeof sessionId === 'string' && /^(?!\.\.?$)[A-Za-z0-9._-]{1,128}$/.test(sessionId)) return;
  throw invalid('sessionId', sessionId, 'letters, digits, ".", "_" and "-", 1 to 128 of them, not "." or ".."');
}

function readInput({ inputMessages, allowSystemInMessages, deepThinking }: RunOptions) {
  const read = readInputMessages(inputMessages);
  if (!allowSystemInMessages && read.some(({ role }) => role === 'system')) {
    throw invalid(
      'inputMessages',
      'a message of role "system"',
      'user, assistant and tool messages; the system prompt is systemPrefix (allowSystemInMessages: true lets it pass)',
    );
  }
  const { messages, tags } = readControlTags(read);
  const { plan = false, thinking = deepThinking ? ('high' as const) : undefined } = tags;
  return { input: messages, thinking, plan };
}

function checkSessionId(given: string | undefined, input: readonly ReadMessage[]): string | undefined {
  const sessionId = given ?? input[0]?.session_id;
  if (sessionId !== undefined) mustBeSessionId(sessionId);
  const foreign = input.find((message) => message.session_id !== undefined && message.session_id !== sessionId);
  if (foreign !== undefined) {
    throw invalid(
      'inputMessages',
      `a message of session "${foreign.session_id}"`,
      `messages of session "${sessionId ?? 'new'}" or of none`,
    );
  }
  return sessionId;
}

function checkWorkspace(workspace: unknown, sandboxType: SandboxType): string {
  if (workspace === undefined ? sandboxType !== 'remote' : typeof workspace !== 'string' || workspace === '') {
    throw invalid('sandboxAgentWorkspace', workspace, `a folder, which sandboxType '${sandboxType}' needs`);
  }
  const resolved = resolveWorkspace(workspace as string | undefined, sandboxType);
  if (sandboxType === 'remote' && (resolved === '/' || path.posix.resolve(resolved) !== resolved)) {
    throw invalid(
      'sandboxAgentWorkspace',
      workspace,
      'an absolute path in the sandbox, without "..", and not the root',
    );
  }
  return resolved;
}

const hookNames: readonly string[] = [
  'beforeTool',
  'afterTool',
  'beforeModel',
  'onUserMessage',
  'onStop',
] satisfies HookName[];

function checkHooks(hooks: unknown = {}): void {
  if (!isRecord(hooks)) throw invalid('hooks', typeof hooks, `an object with any of ${hookNames.join(', ')}`);
  refuseUnknown(hooks, hookNames, 'hooks.');
  for (const [name, hook] of Object.entries(hooks)) {
    if (hook !== undefined && typeof hook !== 'function') throw invalid(`hooks.${name}`, typeof hook, 'a function');
  }
}

function checkDeadlines(given: RunOptions['deadlines'] = {}): CheckedOptions['deadlines'] {
  if (!isRecord(given)) throw invalid('deadlines', given, 'an object');
  refuseUnknown(given, Object.keys(defaultDeadlines), 'deadlines.');
  const set = Object.entries(given).filter(([, ms]) => ms !== undefined);
  for (const [name, ms] of set) {
    if (typeof ms !== 'number' || !(ms > 0))
      throw invalid(`deadlines.${name}`, ms, 'milliseconds above 0, or Infinity');
  }
  return { ...defaultDeadlines, ...Object.fromEntries(set) };
}

function refuseWhatIsNotThere(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (known.includes(name)) continue;
    if (!notAvailableYet.includes(name)) throw unknownOption(name, known);
    if (!asksForNothing(value)) throw notYet(name);
  }
}

/** The default of every option that is not there yet: nothing, `false`, `'deny'`, or something empty. */
function asksForNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 'deny') return true;
  return typeof value === 'object' && Object.keys(value).length === 0 && isPlain(value);
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function notYet(option: string): SageError {
  return new SageError(
    'not-available-yet',
    `${option} is not available yet in this version of sagents. Leave it out.`,
    { option },
  );
}
