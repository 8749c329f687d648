import type { Piece } from '../messages/message.ts';
import type { WireUsage } from '../messages/usage.ts';
import type { SageError } from '../errors.ts';

/**
 * A client of an OpenAI-compatible API: the `openai` package's, the scripted model of `sagents/testing`, or any object with
 * this one method. `create` is always called with `stream: true`; its answer is awaited and iterated, or read as a raw
 * response where the promise has `asResponse()`.
 */
export interface ChatModel {
  readonly chat: {
    readonly completions: {
      create(body: ChatRequest, options: ChatRequestOptions): PromiseLike<unknown>;
    };
  };
}

/** Each client has its own types for the same JSON, and must accept ours. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

/** The body of a request, as OpenAI's API has it. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: Json[];
  readonly tools?: Json[];
  readonly stream: true;
  readonly stream_options: { readonly include_usage: true };
  readonly [parameter: string]: unknown;
}

export interface ChatRequestOptions {
  readonly signal: AbortSignal;
  /** Always 0: retries are ours. */
  readonly maxRetries: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

/** What to ask, with its big parts serialised once in their lives. */
export interface ModelRequest {
  /** Every message as JSON, oldest first: append-only over the calls of a run. */
  readonly messages: readonly string[];
  /** The offered tools as a JSON array; `undefined` offers none. */
  readonly tools?: string;
  /** Everything else in the body: `model`, `temperature`, … */
  readonly parameters: Readonly<Record<string, unknown>> & { readonly model: string };
}

/** What a model call came to, after its pieces. */
export type ModelEnd =
  | { readonly type: 'finished'; readonly finishReason: string; readonly usage?: WireUsage }
  /** `cut` tells that pieces had been streamed already, and what ended them. */
  | {
      readonly type: 'failed';
      readonly error: SageError;
      readonly cut?: 'stream-cut' | 'deadline';
      readonly usage?: WireUsage;
    }
  | { readonly type: 'aborted' };

export type ModelStream = AsyncGenerator<readonly Piece[], ModelEnd>;
