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
