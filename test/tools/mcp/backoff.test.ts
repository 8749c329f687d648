import { describe, expect, test } from 'vitest';
import { Backoff } from '../../../src/tools/mcp/backoff.ts';
import { McpServer } from '../../../src/tools/mcp/mcp-server.ts';
import { readConfig } from '../../../src/tools/mcp/read-config.ts';

function createClock() {
  let ms = 0;
  return { now: () => ms, pass: (more: number) => (ms += more) };
}

describe('a server that fails again and again', () => {
  test('is left alone for a second, then twice as long each time, up to a minute', () => {
    const { now } = createClock();
    const backoff = new Backoff(now);
    const waits = Array.from({ length: 9 }, () => {
      backoff.failed();
      return backoff.leftMs / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('is given a new chance when it has held for a minute, and not before', () => {
    const { now, pass } = createClock();
    const backoff = new Backoff(now);
    const holdFor = (ms: number) => {
      backoff.connected();
      pass(ms);
      backoff.failed();
      return backoff.leftMs;
    };
    backoff.failed();
    expect([holdFor(59_999), holdFor(60_000)]).toEqual([2_000, 1_000]);
    pass(400);
    expect(backoff.leftMs).toBe(600);
    pass(1_000);
    expect(backoff.leftMs).toBe(0);
  });

  test('is tried by who looks at the tools only when its time has come, and a call says when that is', async () => {
    const clock = createClock();
    const [settings] = readConfig({ gone: { command: 'no-such-program' } }, {});
    if (settings === undefined) throw new Error('no settings');
    const server = new McpServer(settings, clock.now);
    for (let times = 0; times < 4; times += 1) {
      await server.connect();
      expect(server.status.status).toBe('failed');
    }
    server.nudge();
    expect(server.status.status).toBe('failed');
    clock.pass(8_000);
    server.nudge();
    expect(server.status.status).toBe('connecting');
    await server.connect();
    await server.close();
    expect(server.status.status).toBe('closed');
  });
});
