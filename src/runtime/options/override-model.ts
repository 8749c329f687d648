import type { NodeModelConfig } from '../../flow/flow.ts';
import type { ModelConfig } from './run-options.ts';

/** The run's model settings, with those that a node or a sub-agent has of its own. */
export function overrideModel(run: ModelConfig, own: NodeModelConfig): ModelConfig {
  const { model, temperature, top_p: topP, max_tokens: maxTokens, presence_penalty: presencePenalty, extra_body } = own;
  const given = { model, temperature, topP, maxTokens, presencePenalty };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const extraBody = { ...run.extraBody, ...extra_body };
  return { ...run, ...set, ...(Object.keys(extraBody).length === 0 ? {} : { extraBody }) };
}

/**
 * The settings for small jobs: `fast`, with the run's `extraBody` and what the node has of its own. The run's other settings were
 * chosen for its main model, and another one may refuse them. `undefined`: the main model does them, as a node with a model of its own
 * wants it.
 */
export function smallModel({ fast, extraBody }: ModelConfig, own: NodeModelConfig): ModelConfig | undefined {
  if (fast === undefined || own.model !== undefined) return undefined;
  return overrideModel({ model: fast, ...(extraBody === undefined ? {} : { extraBody }) }, own);
}
