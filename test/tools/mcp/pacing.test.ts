import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PacedTask } from '../../../src/tools/mcp/paced-task.ts';
import { ProgressNews } from '../../../src/tools/mcp/progress-news.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a paced task', () => {
  test('runs at once, then once more for all who asked meanwhile, and after its pause', async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const task = new PacedTask(async () => {
      runs += 1;
      await gate.promise;
    }, 1_000);
    for (let asked = 0; asked < 100; asked += 1) task.ask();
    expect(runs).toBe(1);
    gate.resolve();
    await vi.advanceTimersByTimeAsync(999);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(2);
    task.ask();
    expect(runs).toBe(3);
  });

  test('that is asked for in its pause runs after it', async () => {
    let runs = 0;
    const task = new PacedTask(async () => void (runs += 1), 1_000);
    task.ask();
    await vi.advanceTimersByTimeAsync(500);
    task.ask();
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(runs).toBe(2);
  });

  test('that is closed runs no more', async () => {
    let runs = 0;
    const task = new PacedTask(async () => void (runs += 1), 1_000);
    task.ask();
    task.ask();
    task[Symbol.dispose]();
    task.ask();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(1);
  });
});

describe('the news of a call', () => {
  test('are the newest at each look, ten times a second, and end with it', async () => {
    const news = new ProgressNews();
    const read: string[] = [];
    const reading = (async () => {
      for await (const text of news.read()) read.push(text);
    })();
    news.put({ progress: 1, total: 3, message: 'one' });
    await vi.advanceTimersByTimeAsync(50);
    news.put({ progress: 2, total: 3 });
    news.put({ progress: 3, total: 3 });
    await vi.advanceTimersByTimeAsync(50);
    expect(read).toEqual(['1/3 one', '3/3']);
    news.put({ progress: 4 });
    news.end();
    await reading;
    expect(read).toEqual(['1/3 one', '3/3', '4']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('end after a thousand pieces', async () => {
    const news = new ProgressNews();
    let pieces = 0;
    const reading = (async () => {
      for await (const _ of news.read()) pieces += 1;
    })();
    for (let progress = 0; progress < 1_200; progress += 1) {
      news.put({ progress });
      await vi.advanceTimersByTimeAsync(100);
    }
    await reading;
    expect(pieces).toBe(1_000);
  });

  test('are left by a reader who leaves early', async () => {
    const news = new ProgressNews();
    news.put({ progress: 1 });
    for await (const text of news.read()) {
      expect(text).toBe('1');
      break;
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});
