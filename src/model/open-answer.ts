import { untilAborted } from '../streams/abort.ts';
import { parseSse } from './parse-sse.ts';
import { GarbledStream } from './read-stream.ts';
import type { CreateArguments } from './request.ts';
import type { ChatModel } from './model.ts';

/** The chunks of an answer, as JSON texts or as objects, in batches of what arrived together. */
export type Batches = AsyncIterable<readonly unknown[]>;

/**
 * Sends a request and gives its answer to be read: the raw body where the client offers it (`asResponse()`), else what
 * the client gives to iterate. Reading ends at once when `signal` aborts, even with a client that is deaf to it; if it has
 * aborted before, nothing is sent. Leaving early closes what was opened, and waits for nothing.
 *
 * @throws `signal.reason` once aborted; what the client or the network throws.
 */
export async function openAnswer(model: ChatModel, args: CreateArguments, signal: AbortSignal): Promise<Batches> {
  signal.throwIfAborted();
  const pending = model.chat.completions.create(...args);
  try {
    const response = offersResponse(pending) ? await untilAborted(pending.asResponse(), signal) : undefined;
    if (response instanceof Response) return readResponse(response, signal);
    return readChunks(await untilAborted(pending, signal), signal);
  } catch (error) {
    if (signal.aborted) discardLate(pending);
    throw error;
  }
}

function offersResponse(pending: PromiseLike<unknown>): pending is PromiseLike<unknown> & RawAnswer {
  return 'asResponse' in pending && typeof pending.asResponse === 'function';
}

interface RawAnswer {
  asResponse(): PromiseLike<unknown>;
}

function readResponse(response: Response, signal: AbortSignal): Batches {
  const type = response.headers.get('content-type') ?? 'text/event-stream';
  if (response.body === null || /\bjson\b/.test(type)) return readWhole(response, signal);
  if (/\bhtml\b/.test(type)) {
    discard(response);
    throw new GarbledStream(`The answer is a web page (${type}), not an event stream.`);
  }
  return parseSse(response.body, { signal });
}

/** An answer that is not streamed, or an event stream that says it is JSON. */
async function* readWhole(response: Response, signal: AbortSignal): Batches {
  const text = await untilAborted(response.text(), signal);
  const answer = parseWhole(text);
  if (answer === undefined) yield* parseSse(new Blob([text]).stream(), { signal });
  else if (isAnswer(answer)) yield [answer];
  else throw new GarbledStream(`The answer is JSON, but no answer of a model: ${text.slice(0, 100)}`);
}

/** `undefined` for what is no JSON. */
function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && ('choices' in answer || 'error' in answer);
}

async function* readChunks(source: unknown, signal: AbortSignal): AsyncGenerator<readonly unknown[]> {
  if (!isIterable(source)) {
    yield [source];
    return;
  }
  const chunks = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await untilAborted(chunks.next(), signal);
      ended = done === true;
      if (ended) return;
      yield [value];
    }
  } catch (error) {
    ended = !signal.aborted;
    throw error;
  } finally {
    if (!ended) void close(chunks);
  }
}

function isIterable(source: unknown): source is AsyncIterable<unknown> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}

/** Asks the client to stop. Whether it listens is its own affair: `return()` may wait for a `next()` that hangs. */
async function close(chunks: AsyncIterator<unknown>): Promise<void> {
  try {
    await chunks.return?.();
  } catch {
    // Nobody is left to tell.
  }
}

/** A client that is deaf to the signal may still bring an answer, which nobody else would close. */
function discardLate(pending: PromiseLike<unknown>): void {
  const answer = offersResponse(pending) ? pending.asResponse() : pending;
  answer.then(discard, () => {});
}

function discard(answer: unknown): void {
  if (answer instanceof Response) answer.body?.cancel().catch(() => {});
  else if (isIterable(answer)) void close(answer[Symbol.asyncIterator]());
}
