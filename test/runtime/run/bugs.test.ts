import { describe, expect, test } from 'vitest';
import { ToolManager, type MessageChunk, type Run, type ToolSource } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool } from '../../support/tools.ts';

class BrokenManager extends ToolManager {
  override getTool(): never {
    throw new TypeError('I have a bug.');
  }
}

const broken = (): ToolSource => new BrokenManager({ tools: [echoTool()] });

async function readAll(run: Run): Promise<{ chunks: MessageChunk[]; error: unknown }> {
  const chunks: MessageChunk[] = [];
  try {
    for await (const batch of run) chunks.push(...batch);
  } catch (error) {
    return { chunks, error };
  }
  return { chunks, error: undefined };
}

describe('a bug in a tool manager', () => {
  test('is thrown to the reader, after the tail that tells of it', async () => {
    await using house = await createHouse();
    using strays = watchStrays();
    const run = house.run(scriptedModel([echo('a')]), { toolManager: broken(), sessionId: 's' });
    const { chunks, error } = await readAll(run);
    expect(error).toEqual(new TypeError('I have a bug.'));
    expect(chunks.slice(-3).map(({ message_type }) => message_type)).toEqual([
      'tool_call_result',
      'error',
      'token_usage',
    ]);
    await expect(run.next()).rejects.toBe(error);
    expect(await strays.look()).toEqual(nothing);
  });

  test('makes the outcome failed/internal, without its words', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([echo('a')]), { toolManager: broken(), sessionId: 's' });
    const { chunks } = await readAll(run);
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 'internal',
      phase: 'tools',
      error: { code: 'internal' },
    });
    expect(JSON.stringify([outcome, chunks])).not.toContain('I have a bug');
  });

  test('leaves the session at rest, and free', async () => {
    await using house = await createHouse();
    await readAll(house.run(scriptedModel([echo('a')]), { toolManager: broken(), sessionId: 's' }));
    expectAtRest(await readSession(house.root, 's'));
    const next = house.run(scriptedModel(['Hi']), { sessionId: 's' });
    await readAll(next);
    expect(await next.outcome).toMatchObject({ reason: 'done' });
  });

  test('is told by the outcome of a started run', async () => {
    await using house = await createHouse();
    using strays = watchStrays();
    const options = house.options(scriptedModel([echo('a')]), { toolManager: broken() });
    const { done } = await house.agent.startRun(options);
    expect(await done).toMatchObject({ status: 'failed', reason: 'internal' });
    expect(await strays.look()).toEqual(nothing);
  });
});
