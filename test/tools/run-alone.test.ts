import { describe, expect, test } from 'vitest';
import { defineTool, type ToolContext } from '../../src/tools/tool.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { aborted, tool } from './helpers.ts';

const runOf = (one: ReturnType<typeof defineTool>, context = {}) =>
  new ToolManager({ tools: [one] }).runTool(one.name, {}, context);

describe('a tool that a host runs itself', () => {
  test('is told what the host tells, and ids where it tells none', async () => {
    const seen: ToolContext[] = [];
    const look = tool('look', (_, context) => seen.push(context));
    await runOf(look, { sessionId: 's', tenantId: 'acme', userId: 'ada' });
    expect(seen).toEqual([
      expect.objectContaining({ sessionId: 's', tenantId: 'acme', userId: 'ada', runId: expect.any(String) }),
    ]);
    expect(seen[0]?.signal.aborted).toBe(false);
    seen[0]?.state.set('key', 1);
    expect(seen[0]?.state.get('key')).toBe(1);
  });

  test('cannot be told by its arguments who it works for', async () => {
    const whoami = defineTool({
      name: 'whoami',
      description: 'Tells who.',
      parameters: { properties: {} },
      execute: (_, { userId }) => userId,
    });
    const manager = new ToolManager({ tools: [whoami] });
    expect(await manager.runTool('whoami', { userId: 'mallory' }, { userId: 'ada' })).toBe('ada');
  });

  test('is stopped after its own time', async () => {
    const slow = {
      ...tool('slow', (_, { signal }) => aborted(signal).then(() => signal.throwIfAborted())),
      timeoutMs: 5,
    };
    await expect(runOf(slow)).rejects.toThrow(expect.objectContaining({ code: 'deadline' }));
  });

  test('is left behind when it is deaf to the signal', async () => {
    const controller = new AbortController();
    const deaf = defineTool({
      name: 'deaf',
      description: 'Deaf.',
      concurrency: 1,
      execute() {
        controller.abort(new Error('Enough.'));
        return new Promise(() => {});
      },
    });
    await expect(runOf(deaf, { signal: controller.signal })).rejects.toThrow('Enough.');
    await expect(runOf(deaf)).rejects.toThrow('Tool "deaf" cannot run now');
  });

  test('is not run when the signal has aborted already', async () => {
    const ran: string[] = [];
    const plain = tool('plain', () => ran.push('plain'));
    const inTurn = defineTool({ name: 'turn', description: '', concurrency: 1, execute: () => ran.push('turn') });
    for (const one of [plain, inTurn]) {
      await expect(runOf(one, { signal: AbortSignal.abort(new Error('Enough.')) })).rejects.toThrow('Enough.');
    }
    expect(ran).toEqual([]);
  });

  test('is not run without the sandbox it needs', async () => {
    const shell = tool('shell', () => 'ran', { sandbox: 'needed' });
    await expect(runOf(shell)).rejects.toThrow('Tool "shell" needs a sandbox.');
  });

  test('takes its turn', async () => {
    let running = 0;
    const one = defineTool({
      name: 'one',
      description: 'One at a time.',
      concurrency: 1,
      execute: async () => {
        running += 1;
        const now = running;
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return now;
      },
    });
    expect(await Promise.all([runOf(one), runOf(one), runOf(one)])).toEqual([1, 1, 1]);
  });
});
