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

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    callsWithoutUsage: a.callsWithoutUsage + b.callsWithoutUsage,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  };
}

/** One call's usage from the provider's figures; `undefined` where it sent none. */
export function toUsage(wire: WireUsage | undefined): Usage {
  if (wire?.prompt_tokens == null && wire?.completion_tokens == null) {
    return { ...noUsage, calls: 1, callsWithoutUsage: 1 };
  }
  return {
    calls: 1,
    callsWithoutUsage: 0,
    inputTokens: wire.prompt_tokens ?? 0,
    cachedInputTokens: wire.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens: wire.completion_tokens ?? 0,
    reasoningTokens: wire.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
