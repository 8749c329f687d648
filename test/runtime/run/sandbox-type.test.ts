import { afterEach, describe, expect, test, vi } from 'vitest';
import { builtinTools, SAgent, ToolManager, type SandboxType } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

afterEach(() => void vi.unstubAllEnvs());

/** The sandbox a run asks for, as its refusal tells. */
const choices: [string, SandboxType | undefined, SandboxType | undefined, string | undefined, SandboxType][] = [
  ['local, where nobody says', undefined, undefined, undefined, 'local'],
  ['what SAGE_SANDBOX_MODE says', undefined, undefined, 'remote', 'remote'],
  ["the agent's, over SAGE_SANDBOX_MODE", undefined, 'local', 'remote', 'local'],
  ["the run's, over the agent's", 'remote', 'local', 'local', 'remote'],
];

describe('the sandbox of a run is', () => {
  test.each(choices)('%s', async (_, ofRun, ofAgent, mode, sandboxType) => {
    await using house = await createHouse();
    vi.stubEnv('SAGE_SANDBOX_MODE', mode);
    await using agent = new SAgent({
      sessionRootSpace: house.root,
      ...(ofAgent === undefined ? {} : { sandboxType: ofAgent }),
    });
    const { sandboxType: _given, ...options } = house.options(scriptedModel([]));
    const toolManager = new ToolManager({ tools: builtinTools() });
    // No sandbox could be had then, and the refusal tells which was wanted.
    const sandboxOptions = { requireLimits: 'hard' } as const;
    const run = agent.runStream({
      ...options,
      toolManager,
      sandboxOptions,
      ...(ofRun === undefined ? {} : { sandboxType: ofRun }),
    });
    await expect(run.next()).rejects.toMatchObject({ code: 'sandbox-unavailable', facts: { sandboxType } });
  });

  test('refused where SAGE_SANDBOX_MODE names none', async () => {
    await using house = await createHouse();
    vi.stubEnv('SAGE_SANDBOX_MODE', 'docker');
    const { sandboxType: _given, ...options } = house.options(scriptedModel([]));
    expect(() => house.agent.runStream(options)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option: 'sandboxType' }) }),
    );
  });
});
