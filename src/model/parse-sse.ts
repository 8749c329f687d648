export interface ParseSseOptions {
  readonly signal: AbortSignal;
  /** How long the body may stay open after `[DONE]` before it is cancelled. Default 300. */
  readonly drainMs?: number;
}

/**
 * The data of the events in a body of server-sent events: one batch for each read of the socket that completes an event.
 *
 * Ends with the body. After `data: [DONE]`, which is not yielded, the rest is read and dropped, so that the connection
 * can be used again. Leaving early cancels the body; so does `signal`, which also frees a read that hangs.
 *
 * @throws `signal.reason` once the signal has aborted; what the body throws if it breaks.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* parseSse(
  body: ReadableStream<Uint8Array>,
  { signal, drainMs = 300 }: ParseSseOptions,
): AsyncGenerator<string[]> {
  const reader = body.getReader();
  // A cancelled body may hang or fail in its own time: nobody waits for it.
  const cancel = () => void reader.cancel(signal.reason).catch(() => {});
  const parser = new SseParser();
  let ended = false;
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    while (!parser.done) {
      const { done, value } = await reader.read();
      // A cancelled read ends like a finished one.
      signal.throwIfAborted();
      const events = done ? parser.end() : parser.push(value);
      ended = done;
      if (events.length > 0) yield events;
      signal.throwIfAborted();
      if (ended) return;
    }
    await drain(reader, drainMs);
    ended = true;
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    if (!ended) cancel();
  }
}

/** Reads to the end, for `ms` at most. The answer is complete: what goes wrong now concerns nobody. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, ms: number): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), ms);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The server closed the connection its own way.
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes in, event data out; what is incomplete waits for the next bytes. */
class SseParser {
  /** Whether `[DONE]` has come. */
  done = false;
  readonly #decoder = new TextDecoder();
  /** The beginning of a line whose end has not come. */
  #rest = '';
  #data: string | undefined;
  #afterCarriageReturn = false;

  push(bytes: Uint8Array): string[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The body is over: many a server leaves out the last line ends. */
  end(): string[] {
    return this.#take(`${this.#decoder.decode()}\n\n`);
  }

  #take(decoded: string): string[] {
    const added = this.#withLineFeeds(decoded);
    const events: string[] = [];
    // A long line in many reads is looked at once, not once a read.
    if (!added.includes('\n')) {
      this.#rest += added;
      return events;
    }
    const text = this.#rest + added;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1 && !this.done; end = text.indexOf('\n', start)) {
      if (end === start) this.#dispatch(events);
      else if (text.startsWith('data', start)) this.#takeData(text, start + 4, end);
      start = end + 1;
    }
    this.#rest = text.slice(start);
    return events;
  }

  #takeData(text: string, colon: number, end: number): void {
    // `data` alone is an empty line of data, `database: x` another field.
    if (colon < end && text[colon] !== ':') return;
    const value = text.slice(Math.min(text[colon + 1] === ' ' ? colon + 2 : colon + 1, end), end);
    if (this.#data !== undefined) this.#data += `\n${value}`;
    else if (value.startsWith('[DONE]') && value.trimEnd() === '[DONE]') this.done = true;
    else this.#data = value;
  }

  #dispatch(events: string[]): void {
    if (this.#data) events.push(this.#data);
    this.#data = undefined;
  }

  /** Line ends may be LF, CR LF or CR, and a CR LF may arrive in two reads. */
  #withLineFeeds(text: string): string {
    const rest = this.#afterCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#afterCarriageReturn = text.endsWith('\r');
    return rest.includes('\r') ? rest.replaceAll(/\r\n?/g, '\n') : rest;
  }
}
