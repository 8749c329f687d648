import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { calls, createStage, tool } from './helpers.ts';

const sandbox = { workspace: '/w' } as Sandbox;
const shell = tool('shell', (_, context) => ('sandbox' in context ? context.sandbox === sandbox : 'none'), {
  sandbox: 'needed',
});
const look = tool('look', (_, context) => ('sandbox' in context ? 'one' : 'none'));

describe('the sandbox', () => {
  test('is opened once for the calls of a message, and given to tools that need it', async () => {
    let opened = 0;
    const openSandbox = async () => {
      opened += 1;
      return sandbox;
    };
    const { run, outcomes } = createStage([shell, look], { openSandbox });
    await run(calls(['shell'], ['look'], ['shell']));
    expect(outcomes.map(({ content }) => content)).toEqual(['true', 'none', 'true']);
    expect(opened).toBe(1);
  });

  test('is not opened for tools that do not need it, nor for calls that are refused', async () => {
    const { run, outcomes } = createStage([shell, look]);
    await run(calls(['look'], ['shell', 'broken']));
    expect(outcomes.map(({ status }) => status)).toEqual(['success', 'error']);
  });

  test('that cannot be opened ends the calls before any has started', async () => {
    const { run, log } = createStage([shell, look]);
    await expect(run(calls(['look'], ['shell']))).rejects.toThrow('There is no sandbox here.');
    expect(log).toEqual([]);
  });
});
