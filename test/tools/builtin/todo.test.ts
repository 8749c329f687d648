import { describe, expect, test } from 'vitest';
import { readTasks, todoRead, todoWrite } from '../../../src/tools/builtin/todo.ts';
import type { Tool } from '../../../src/tools/tool.ts';

function createList() {
  const state = new Map<string, unknown>();
  const call = async (tool: Tool, args: unknown) => {
    const checked = await tool.inputSchema.validate(args);
    if ('issues' in checked) throw new Error(checked.issues.join('\n'));
    const ids = { sessionId: 's', runId: 'r', callId: 'c', idempotencyKey: 'k', signal: new AbortController().signal };
    return tool.execute(checked.value, { ...ids, state });
  };
  return { state, write: (...tasks: unknown[]) => call(todoWrite, { tasks }), read: () => call(todoRead, {}) };
}

describe('the todo list', () => {
  test('is merged by id, and shown with what is left first', async () => {
    const { write, read, state } = createList();
    expect(await read()).toBe('No tasks.');
    await write({ id: 'a', content: 'Look' }, { id: 'b', content: 'Build', status: 'in_progress' });
    expect(await write({ id: 'a', status: 'completed', conclusion: 'seen' }, { id: 'c', content: 'Test' })).toEqual({
      summary: '1 of 3 completed',
      tasks: [
        { index: 0, id: 'a', name: 'Look', status: 'completed' },
        { index: 1, id: 'b', name: 'Build', status: 'in_progress' },
        { index: 2, id: 'c', name: 'Test', status: 'pending' },
      ],
    });
    expect(await read()).toBe('[~] b: Build\n[ ] c: Test\n[x] a: Look (seen)');
    expect(readTasks(state)).toHaveLength(3);
  });

  test('begins anew with the next new task once all are completed', async () => {
    const { write, read } = createList();
    await write({ id: 'a', content: 'Look', status: 'completed' });
    await write({ id: 'a', conclusion: 'still there' });
    expect(await read()).toBe('[x] a: Look (still there)');
    await write({ id: 'b', content: 'Build' });
    expect(await read()).toBe('[ ] b: Build');
  });

  test('refuses a new task that says nothing, and changes nothing then', async () => {
    const { write, read } = createList();
    await write({ id: 'a', content: 'Look' });
    await expect(write({ id: 'a', status: 'completed' }, { id: 'b' })).rejects.toThrow(
      'Task "b" is new and needs content.',
    );
    expect(await read()).toBe('[ ] a: Look');
  });
});
