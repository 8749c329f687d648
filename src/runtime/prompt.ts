import { createHash } from 'node:crypto';
import type { AgentContext } from '../agents/agent.ts';
import type { Entry, Prefix } from '../session/entry.ts';
import type { LastRun } from '../session/status.ts';
import { toSpecs } from '../tools/tool-manager.ts';
import type { CheckedOptions } from './options/check-options.ts';
import type { ModelConfig } from './options/run-options.ts';

export type Prompt = AgentContext['prompt'];

export interface PromptOptions extends Pick<CheckedOptions, 'systemPrefix' | 'toolManager' | 'modelConfig'> {
  /** For small jobs. Default: `modelConfig`. */
  readonly small?: ModelConfig | undefined;
}

/** What every request of a run shares: frozen at its start, so that each begins with the bytes of the one before. */
export function createPrompt(
  { systemPrefix, toolManager, modelConfig, small }: PromptOptions,
  thinking: string | undefined,
): Prompt {
  const specs = toSpecs(toolManager?.listTools() ?? []);
  const parameters = parametersOf(modelConfig, thinking);
  return {
    system: systemPrefix === '' ? [] : [JSON.stringify({ role: 'system', content: systemPrefix })],
    tools: specs.length === 0 ? undefined : JSON.stringify(specs),
    parameters,
    fast: small === undefined ? parameters : parametersOf(small, undefined),
  };
}

/** What the requests of a run can begin with, each of its prompts for itself. */
export function prefixOf(prompts: readonly Prompt[]): Prefix {
  const system = prompts.map((prompt) => prompt.system.join());
  const tools = prompts.map((prompt) => prompt.tools ?? '');
  return { system: hash(system.join('\n')), tools: hash(tools.join('\n')) };
}

/** What makes the first request of a run begin with other bytes than the session's last one. */
export function prefixChanges(last: LastRun | undefined, prefix: Prefix): Entry[] {
  if (last === undefined) return [];
  return (['system', 'tools'] as const).flatMap((cause) =>
    last.prefix[cause] === prefix[cause] ? [] : [{ type: 'prefix_changed', cause }],
  );
}

/** The changing facts, as the model is shown them before the newest input. `now` in milliseconds. */
export function renderContext(systemContext: Readonly<Record<string, unknown>> = {}, now: number): string {
  const facts = { current_time: new Date(now).toISOString(), ...systemContext };
  const lines = Object.entries(facts).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return ['<context>', ...lines, '</context>'].join('\n');
}

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function parametersOf(config: ModelConfig, thinking: string | undefined): Prompt['parameters'] {
  const { model, temperature, topP, maxTokens, presencePenalty, extraBody } = config;
  return {
    model,
    ...set('temperature', temperature),
    ...set('top_p', topP),
    ...set(nameOfMaxTokens(model), maxTokens),
    ...set('presence_penalty', presencePenalty),
    ...set('reasoning_effort', effortOf(thinking)),
    ...extraBody,
  };
}

/** OpenAI's reasoning models refuse the older name; other servers know no other. */
function nameOfMaxTokens(model: string): string {
  return /^(o\d|gpt-5)/.test(model) ? 'max_completion_tokens' : 'max_tokens';
}

function effortOf(thinking: string | undefined): string | undefined {
  if (thinking === 'off') return undefined;
  return thinking === 'max' ? 'xhigh' : thinking;
}

function set(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}
