import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/session/entry.ts';
import { guidanceLimit, GuidanceQueue } from '../../src/session/guidance-queue.ts';
import { countingIds } from '../../src/testing/fixed.ts';

function createQueue() {
  const queue = new GuidanceQueue('s');
  let at = 0;
  const fold = (entries: readonly Entry[] | Entry | undefined) => {
    for (const entry of [entries ?? []].flat()) queue.fold(entry, ++at);
  };
  return { queue, fold, texts: () => queue.list().map(({ content }) => content) };
}

describe('guidance', () => {
  test('waits in the order it came', () => {
    const { queue, fold } = createQueue();
    fold(queue.queue('a', 'first', { from: 'me' }));
    fold(queue.queue('b', 'second', {}));
    expect(queue.list()).toEqual([
      { guidance_id: 'a', content: 'first', metadata: { from: 'me' }, timestamp: 1 },
      { guidance_id: 'b', content: 'second', metadata: {}, timestamp: 2 },
    ]);
  });

  test('of the same id replaces what is pending, and keeps its place', () => {
    const { queue, fold } = createQueue();
    fold(queue.queue('a', 'first', {}));
    fold(queue.queue('b', 'second', {}));
    fold(queue.queue('a', 'better', { n: 2 }));
    expect(queue.list()[0]).toEqual({ guidance_id: 'a', content: 'better', metadata: { n: 2 }, timestamp: 1 });
    expect(queue.size).toBe(2);
  });

  test('changes nothing before its entry is folded', () => {
    const { queue } = createQueue();
    expect(queue.queue('a', 'first', {})).toHaveLength(1);
    expect(queue.size).toBe(0);
  });

  test('may be updated and deleted while it is pending', () => {
    const { queue, fold, texts } = createQueue();
    fold(queue.queue('a', 'first', { from: 'me' }));
    fold(queue.queue('b', 'second', {}));
    fold(queue.update('a', 'better'));
    expect(queue.list()[0]).toMatchObject({ content: 'better', metadata: { from: 'me' } });
    fold(queue.delete('a'));
    expect(texts()).toEqual(['second']);
  });

  test('that is not pending cannot be updated or deleted', () => {
    const { queue } = createQueue();
    expect([queue.update('a', 'x'), queue.delete('a')]).toEqual([undefined, undefined]);
  });

  test('that was deleted takes a new place when it comes again', () => {
    const { queue, fold, texts } = createQueue();
    for (const id of ['a', 'b']) fold(queue.queue(id, id, {}));
    fold(queue.delete('a'));
    fold(queue.queue('a', 'again', {}));
    expect(texts()).toEqual(['b', 'again']);
  });

  test.each([[''], ['  \n'], [[]], [[{ type: 'text', text: ' ' }]]])('must say something: %j does not', (content) => {
    const { queue, fold } = createQueue();
    fold(queue.queue('a', 'first', {}));
    const refusal = expect.objectContaining({ code: 'invalid-argument', facts: { option: 'content', given: content } });
    expect(() => queue.queue('a', content, {})).toThrow(refusal);
    expect(() => queue.update('a', content)).toThrow(refusal);
  });

  test('beyond the limit is refused, but what is pending may still be replaced', () => {
    const { queue, fold } = createQueue();
    for (let place = 0; place < guidanceLimit; place += 1) fold(queue.queue(`g${place}`, 'x', {}));
    const full = expect.objectContaining({
      code: 'guidance-queue-full',
      facts: { sessionId: 's', limit: guidanceLimit },
    });
    expect(() => queue.queue('one more', 'x', {})).toThrow(full);
    expect(queue.queue('g0', 'y', {})).toHaveLength(1);
  });
});

describe('draining', () => {
  test('gives a user message for each, in order, and appending them empties the queue', () => {
    const { queue, fold } = createQueue();
    fold(queue.queue('a', 'first', { from: 'me', source: 'mine' }));
    fold(queue.queue('b', 'second', {}));
    const drained = queue.drain(countingIds());
    expect(drained.map(({ message }) => message)).toEqual([
      {
        role: 'user',
        content: 'first',
        message_id: 'id-1',
        message_type: 'user_input',
        metadata: { from: 'me', injected: true, guidance_id: 'a', source: 'guidance' },
      },
      expect.objectContaining({ content: 'second', message_id: 'id-2' }),
    ]);
    expect(queue.size).toBe(2);
    fold(drained);
    expect(queue.size).toBe(0);
  });

  test('never takes guidance twice: an id that was consumed is a no-op', () => {
    const { queue, fold } = createQueue();
    fold(queue.queue('a', 'first', {}));
    fold(queue.drain(countingIds()));
    expect(queue.queue('a', 'again', {})).toEqual([]);
    expect([queue.update('a', 'x'), queue.delete('a')]).toEqual([undefined, undefined]);
  });

  test('is not needed for what an input message brings along', () => {
    const { queue, fold } = createQueue();
    fold(queue.queue('a', 'first', {}));
    const message = { role: 'user', message_id: 'u', content: 'first', message_type: 'user_input' } as const;
    fold({ type: 'message', message: { ...message, metadata: { guidance_id: 'a' } } });
    expect(queue.size).toBe(0);
  });
});
