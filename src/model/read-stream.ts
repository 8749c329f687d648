import type { Piece } from '../messages/message.ts';
import type { ToolCallPiece } from '../messages/tool-call.ts';
import type { WireUsage } from '../messages/usage.ts';
import { CallPlaces, type WireToolCall } from './place-calls.ts';

/** What a provider reports inside a stream that began well. `report` is its error object, or its text. */
export class ProviderReport extends Error {
  override readonly name = 'ProviderReport';
  readonly report: unknown;

  constructor(report: unknown) {
    super('The provider reported an error inside its stream.');
    this.report = report;
  }
}

/** The stream held something that is no chunk of an answer. */
export class GarbledStream extends Error {
  override readonly name = 'GarbledStream';
}

/**
 * Reads the chunks of one streamed answer: each batch into pieces, and what the whole came to. Every field of a delta
 * counts. Of several choices only the first is read; an answer that came whole (`message` for `delta`) is one chunk.
 */
export class AnswerReader {
  finishReason: string | undefined;
  /** The last figures sent: some providers send them with each chunk. */
  usage: WireUsage | undefined;
  /** What ended the reading: a `ProviderReport` or a `GarbledStream`. */
  failure: Error | undefined;
  readonly #calls = new CallPlaces();

  /** The pieces of a batch: JSON texts, or chunks parsed already. After a failure: what came before it. */
  read(batch: readonly unknown[]): Piece[] {
    const pieces: Piece[] = [];
    try {
      for (const payload of batch) {
        const piece = this.#readChunk(typeof payload === 'string' ? JSON.parse(payload) : payload);
        if (piece !== undefined) pieces.push(piece);
      }
    } catch (error) {
      this.failure = error instanceof ProviderReport ? error : toGarbled(error);
    }
    return pieces;
  }

  #readChunk(chunk: WireChunk | null): Piece | undefined {
    if (typeof chunk !== 'object' || chunk === null) throw new TypeError('a chunk must be an object');
    if (chunk.error != null) throw new ProviderReport(chunk.error);
    if (chunk.object === 'error') throw new ProviderReport(chunk);
    if (chunk.usage != null) this.usage = chunk.usage;

    const choice = firstChoice(chunk.choices);
    if (choice === undefined) return undefined;
    if (choice.error != null) throw new ProviderReport(choice.error);
    if (choice.usage != null) this.usage = choice.usage;
    if (choice.finish_reason) this.finishReason = choice.finish_reason;
    const delta = choice.delta ?? choice.message;
    return delta == null ? undefined : this.#readDelta(delta);
  }

  #readDelta(delta: WireDelta): Piece | undefined {
    const { content, tool_calls } = delta;
    const reasoning = delta.reasoning_content ?? delta.reasoning;
    // The two common cases first: text alone, and a fragment of a call alone.
    if (reasoning == null && delta.refusal == null) {
      if (typeof content === 'string' && tool_calls == null) return content === '' ? undefined : { content };
      if (content == null && Array.isArray(tool_calls)) return pieceOf(this.#readCalls(tool_calls));
    }

    const text = textIn(content) + textIn(delta.refusal);
    const thought = textIn(reasoning) || thoughtIn(content);
    const calls = Array.isArray(tool_calls) ? this.#readCalls(tool_calls) : [];
    if (text === '' && thought === '' && calls.length === 0) return undefined;
    return {
      ...(text === '' ? {} : { content: text }),
      ...(thought === '' ? {} : { reasoning_content: thought }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  }

  #readCalls(fragments: readonly (WireToolCall | null)[]): ToolCallPiece[] {
    const calls: ToolCallPiece[] = [];
    for (const fragment of fragments) {
      const call = fragment == null ? undefined : this.#calls.place(fragment);
      if (call !== undefined) calls.push(call);
    }
    return calls;
  }
}

interface WireChunk {
  readonly object?: unknown;
  readonly error?: unknown;
  readonly usage?: WireUsage | null;
  readonly choices?: readonly WireChoice[] | null;
}

interface WireChoice {
  readonly index?: number | null;
  readonly delta?: WireDelta | null;
  readonly message?: WireDelta | null;
  readonly finish_reason?: string | null;
  readonly error?: unknown;
  readonly usage?: WireUsage | null;
}

interface WireDelta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly tool_calls?: unknown;
}

function pieceOf(tool_calls: readonly ToolCallPiece[]): Piece | undefined {
  return tool_calls.length === 0 ? undefined : { tool_calls };
}

function firstChoice(choices: readonly WireChoice[] | null | undefined): WireChoice | undefined {
  const first = choices?.[0];
  if (first === undefined || !first.index) return first;
  return choices?.find((choice) => !choice.index);
}

/** The text of a string, a part, or an array of parts. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content == null) return '';
  if (Array.isArray(content)) return content.map(textIn).join('');
  const { text } = content as { readonly text?: unknown };
  return typeof text === 'string' ? text : '';
}

/** Mistral sends its reasoning as `{ type: 'thinking', thinking: [{ type: 'text', text }] }` among the content. */
function thoughtIn(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly thinking?: unknown } | null) => textIn(part?.thinking)).join('');
}

function toGarbled(error: unknown): GarbledStream {
  return new GarbledStream('The stream held something that is no chunk of an answer.', { cause: error });
}
