import { describe, expect, test } from 'vitest';
import { httpError, scriptedModel, stall } from '../../src/testing/scripted-model.ts';
import { ask, body } from './helpers.ts';

describe('what happens at a chunk', () => {
  test('happens before it: an error breaks the stream there', async () => {
    const broken = new Error('Gone.');
    const stream = await ask(scriptedModel([{ text: ['a', 'b'], at: { 1: () => Promise.reject(broken) } }]));
    expect((await stream.next()).done).toBe(false);
    await expect(stream.next()).rejects.toBe(broken);
  });

  test('at 0 happens before the answer begins, as an HTTP error does', async () => {
    const limit = httpError(429, 'Slow down.', { 'retry-after': '1' });
    await expect(ask(scriptedModel([{ text: 'a', at: { 0: () => Promise.reject(limit) } }]))).rejects.toBe(limit);
    expect(limit).toMatchObject({ status: 429, message: '429 Slow down.' });
    expect((limit as unknown as { headers: Headers }).headers.get('retry-after')).toBe('1');
  });

  test('may come after the last chunk', async () => {
    const log: string[] = [];
    for await (const _ of await ask(scriptedModel([{ text: 'a', at: { 2: () => log.push('after') } }])))
      log.push('chunk');
    expect(log).toEqual(['chunk', 'chunk', 'after']);
  });

  test('may stall it until the caller aborts', async () => {
    const controller = new AbortController();
    const stream = await ask(scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]), controller.signal);
    await stream.next();
    const next = stream.next();
    controller.abort(new Error('Enough.'));
    await expect(next).rejects.toThrow('Enough.');
  });

  test('is not needed for an abort to end the stream', async () => {
    const controller = new AbortController();
    const stream = await ask(scriptedModel([{ text: ['a', 'b'] }]), controller.signal);
    await stream.next();
    controller.abort(new Error('Enough.'));
    await expect(stream.next()).rejects.toThrow('Enough.');
  });
});

describe('a scripted model', () => {
  test('keeps every request as it was when it came', async () => {
    const model = scriptedModel(['a']);
    const messages = [{ role: 'user', content: 'Hi' }];
    await model.chat.completions.create({ ...body, messages }, { signal: new AbortController().signal, maxRetries: 0 });
    messages.push({ role: 'user', content: 'later' });
    expect(model.requests).toEqual([body]);
    expect(Object.isFrozen(model.requests[0]?.messages[0])).toBe(true);
  });

  test('refuses a call nobody expected', async () => {
    const model = scriptedModel(['a']);
    await ask(model);
    await expect(ask(model)).rejects.toMatchObject({
      status: 400,
      message: '400 scriptedModel was called 2 times, but has 1 answers.',
    });
  });

  test('tells when answers are left, or too few were there', async () => {
    const model = scriptedModel(['a']);
    expect(() => model.assertSpent()).toThrow('The script has 1 answers, and the model was called 0 times.');
    await ask(model);
    model.assertSpent();
    await ask(model).catch(() => {});
    expect(() => model.assertSpent()).toThrow('called 2 times');
  });
});
