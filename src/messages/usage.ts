/** Tokens of one or many model calls. A call without figures counts in `callsWithoutUsage`, never as zero tokens. */
export interface Usage {
  readonly calls: number;
  readonly callsWithoutUsage: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** The figures a provider sends, in OpenAI's shape. */
export interface WireUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
}

export const noUsage: Usage = {
  calls: 0,
  callsWithoutUsage: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

/** Counts a call that begins: until its figures come, it is one without. */
export function addCall(usage: Usage): Usage {
  return { ...usage, calls: usage.calls + 1, callsWithoutUsage: usage.callsWithoutUsage + 1 };
}

/** Adds the figures of the newest call. */
export function addFigures(usage: Usage, wire: WireUsage): Usage {
  return {
    calls: usage.calls,
    callsWithoutUsage: usage.callsWithoutUsage - 1,
    inputTokens: usage.inputTokens + (wire.prompt_tokens ?? 0),
    cachedInputTokens: usage.cachedInputTokens + (wire.prompt_tokens_details?.cached_tokens ?? 0),
    outputTokens: usage.outputTokens + (wire.completion_tokens ?? 0),
    reasoningTokens: usage.reasoningTokens + (wire.completion_tokens_details?.reasoning_tokens ?? 0),
  };
}

/** Whether the provider's object holds figures: some send an empty one. */
export function hasFigures(wire: WireUsage | undefined): wire is WireUsage {
  return wire?.prompt_tokens != null || wire?.completion_tokens != null;
}
