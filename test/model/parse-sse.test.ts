import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { parseSse } from '../../src/model/parse-sse.ts';

const never = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);

/** A body that brings each part in a read of its own, and tells whether it was cancelled. */
function createBody(parts: readonly Uint8Array[], end: 'close' | 'hang' | 'break' = 'close') {
  const state = { cancelled: false, reads: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const part = parts[state.reads];
        state.reads += 1;
        if (part !== undefined) controller.enqueue(part);
        else if (end === 'close') controller.close();
        else if (end === 'break') controller.error(new Error('socket lost'));
        return part === undefined && end === 'hang' ? new Promise<void>(() => {}) : undefined;
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

async function collect(events: AsyncIterable<string[]>): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const batch of events) batches.push(batch);
  return batches;
}

async function parse(...parts: readonly (string | Uint8Array)[]): Promise<string[][]> {
  const { body } = createBody(parts.map((part) => (typeof part === 'string' ? bytes(part) : part)));
  return await collect(parseSse(body, { signal: never }));
}

describe('parseSse reads the format', () => {
  test.each([
    ['one event', 'data: a\n\n', ['a']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['only the first space belongs to the format', 'data:  a\n\n', [' a']],
    ['CR LF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\r\ndata: c\r\n\r', ['a', 'b', 'c']],
    ['data of many lines', 'data: a\ndata: b\ndata:\ndata: c\n\n', ['a\nb\n\nc']],
    ['a data field without a colon', 'data: a\ndata\n\n', ['a\n']],
    ['comments', ': ping\n\n:\n\ndata: a\n: ping\n\n', ['a']],
    ['other fields', 'event: message\nid: 7\nretry: 10\ndata: a\ndatabase: x\n\n', ['a']],
    ['events without data', 'event: ping\n\ndata:\n\ndata: a\n\n', ['a']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['colons in the data', 'data: {"a":"b: c"}\n\n', ['{"a":"b: c"}']],
    ['the last line ends left out', 'data: a\n\ndata: b', ['a', 'b']],
    ['one last line end left out', 'data: a\n', ['a']],
    ['nothing', '', []],
    ['what follows [DONE] is dropped', 'data: a\n\ndata: [DONE]\n\ndata: b\n\n', ['a']],
    ['[DONE] without its empty line', 'data: a\n\ndata: [DONE]', ['a']],
    ['[DONE] in the middle of data is data', 'data: a\ndata: [DONE]\n\n', ['a\n[DONE]']],
  ])('%s', async (_, text, events) => {
    expect((await parse(text)).flat()).toEqual(events);
  });

  const sample = [
    '\uFEFF: hello\r\nevent: x\r\ndata: {"text":"Grüße, 世界 🌍"}\r\n\r\n',
    'data: one\ndata: two\n\n: ping\n\ndata: three\r\rdata:four\n\ndata: [DONE]\n\n',
  ].join('');
  const expected = ['{"text":"Grüße, 世界 🌍"}', 'one\ntwo', 'three', 'four'];

  test('split in two at every byte', async () => {
    const all = bytes(sample);
    for (let at = 0; at <= all.length; at++) {
      const batches = await parse(all.subarray(0, at), all.subarray(at));
      expect(batches.flat(), `split at ${at}`).toEqual(expected);
    }
  });

  test('in pieces of every size', async () => {
    const all = bytes(sample);
    for (let size = 1; size <= all.length; size++) {
      const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
        all.subarray(n * size, (n + 1) * size),
      );
      expect((await parse(...parts)).flat(), `pieces of ${size}`).toEqual(expected);
    }
  });

  test('a batch is what one read completed', async () => {
    expect(await parse('data: a\n\ndata: b\n\nda', 'ta: c', '\n\n: ping\n\n', 'data: d\n\n')).toEqual([
      ['a', 'b'],
      ['c'],
      ['d'],
    ]);
  });

  test('a long line in a hundred thousand reads is no trouble', async () => {
    const { body } = createBody([...Array.from({ length: 100_000 }, () => bytes('data: 7890')), bytes('\n\n')]);
    const [batch] = await collect(parseSse(body, { signal: never }));
    expect(batch?.[0]).toHaveLength(1_000_000 - 6);
  });
});

describe('parseSse closes what it opened', () => {
  test('reads past [DONE] to the end of the body', async () => {
    const { body, state } = createBody([bytes('data: a\n\ndata: [DONE]\n\n'), bytes('\n'), bytes('\n')]);
    expect(await collect(parseSse(body, { signal: never }))).toEqual([['a']]);
    expect(state).toEqual({ cancelled: false, reads: 4 });
  });

  test('does not wait long for a server that stays silent after [DONE]', async () => {
    const { body, state } = createBody([bytes('data: a\n\ndata: [DONE]\n\n')], 'hang');
    expect(await collect(parseSse(body, { signal: never, drainMs: 20 }))).toEqual([['a']]);
    expect(state.cancelled).toBe(true);
  });

  test('a connection that breaks after [DONE] has broken nothing', async () => {
    const { body } = createBody([bytes('data: a\n\ndata: [DONE]\n\n')], 'break');
    expect(await collect(parseSse(body, { signal: never }))).toEqual([['a']]);
  });

  test('the reader leaves early: the body is cancelled', async () => {
    const { body, state } = createBody([bytes('data: a\n\n')], 'hang');
    const controller = new AbortController();
    for await (const batch of parseSse(body, { signal: controller.signal })) {
      expect(batch).toEqual(['a']);
      break;
    }
    expect(state.cancelled).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('the source throws: so does the parser', async () => {
    const { body } = createBody([bytes('data: a\n\n')], 'break');
    const events = parseSse(body, { signal: never });
    await events.next();
    await expect(events.next()).rejects.toThrow('socket lost');
  });

  test('the signal fires during a read: the read is freed and the reason thrown', async () => {
    const { body, state } = createBody([bytes('data: a\n\n')], 'hang');
    const controller = new AbortController();
    const events = parseSse(body, { signal: controller.signal });
    await events.next();
    const next = events.next();
    controller.abort(new Error('stop'));
    await expect(next).rejects.toThrow('stop');
    expect(state.cancelled).toBe(true);
  });

  test('the signal fires while the reader holds a batch: the body is cancelled at once', async () => {
    const { body, state } = createBody([bytes('data: a\n\n'), bytes('data: b\n\n')]);
    const controller = new AbortController();
    const events = parseSse(body, { signal: controller.signal });
    await events.next();
    controller.abort(new Error('stop'));
    expect(state.cancelled).toBe(true);
    await expect(events.next()).rejects.toThrow('stop');
  });

  test('a signal that has aborted before: nothing is yielded', async () => {
    const { body, state } = createBody([bytes('data: a\n\n')]);
    await expect(parseSse(body, { signal: AbortSignal.abort(new Error('stop')) }).next()).rejects.toThrow('stop');
    expect(state.cancelled).toBe(true);
  });
});
