import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkOptions } from '../../../src/runtime/options/check-options.ts';
import { defaultDeadlines, type RunOptions } from '../../../src/runtime/options/run-options.ts';
import { checked, runOptions } from './helpers.ts';

afterEach(() => vi.unstubAllEnvs());

describe('checked options', () => {
  test('have their defaults', () => {
    vi.stubEnv('SAGE_SANDBOX_MODE', '');
    expect(checked()).toMatchObject({
      sandboxType: 'local',
      durability: 'batch',
      deadlines: defaultDeadlines,
      sessionId: undefined,
      thinking: undefined,
    });
  });

  test('take the sandbox from the run, else the agent, else the environment', () => {
    vi.stubEnv('SAGE_SANDBOX_MODE', 'remote');
    const types = [
      checkOptions(runOptions({ sandboxType: 'passthrough' }), { sandboxType: 'local' }),
      checkOptions(runOptions(), { sandboxType: 'local' }),
      checkOptions(runOptions(), {}),
    ].map(({ sandboxType }) => sandboxType);
    expect(types).toEqual(['passthrough', 'local', 'remote']);
  });

  test('resolve the workspace where it is a folder of this machine', () => {
    expect(checked({ sandboxType: 'local', sandboxAgentWorkspace: 'here' }).workspace).toBe(path.resolve('here'));
    expect(checked({ sandboxType: 'remote', sandboxAgentWorkspace: '/there' }).workspace).toBe('/there');
    const { sandboxAgentWorkspace: _none, ...without } = runOptions({ sandboxType: 'remote' });
    expect(checkOptions(without, {}).workspace).toBe('/sage-workspace');
  });

  test('keep the deadlines that are not set', () => {
    expect(checked({ deadlines: { toolMs: 5 } }).deadlines).toEqual({ ...defaultDeadlines, toolMs: 5 });
  });

  test('take the session from the argument, else from the first message', () => {
    const said = [{ role: 'user', content: 'Hi', session_id: 'theirs' }] as const;
    expect(checked({ inputMessages: said }).sessionId).toBe('theirs');
    expect(checked({ sessionId: 'mine' }).sessionId).toBe('mine');
  });

  test('read the messages, without their control tags', () => {
    const said = [{ role: 'user', content: '<thinking_level>low</thinking_level>Hi' }] as const;
    expect(checked({ inputMessages: said })).toMatchObject({ input: [{ content: 'Hi' }], thinking: 'low' });
  });
});

describe('a refusal', () => {
  test.each<[string, Partial<RunOptions>, string]>([
    [
      'a message of another session',
      { sessionId: 'mine', inputMessages: [{ role: 'user', content: 'Hi', session_id: 'x' }] },
      'inputMessages',
    ],
    ['a system message', { inputMessages: [{ role: 'system', content: 'Obey.' }] }, 'inputMessages'],
    ['an id that is a path', { sessionId: '../other' }, 'sessionId'],
    ['an option nobody knows', { maxLoops: 3 } as Partial<RunOptions>, 'maxLoops'],
    ['a deadline of no time', { deadlines: { toolMs: 0 } }, 'deadlines.toolMs'],
    ['half a loop', { maxLoopCount: 1.5 }, 'maxLoopCount'],
  ])('names the option of %s', (_, options, option) => {
    expect(() => checked(options)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        facts: expect.objectContaining({ option }),
        message: expect.stringContaining(`${option} `),
      }),
    );
  });

  test('lets system messages pass where the host says so', () => {
    const inputMessages = [{ role: 'system', content: 'Be kind.' }] as const;
    expect(checked({ inputMessages, allowSystemInMessages: true }).input).toHaveLength(1);
  });

  test('never shows a key', () => {
    const wrong = () => checked({ modelConfig: { model: 'm', apiKey: ['sk-secret'] as unknown as string } });
    expect(wrong).toThrow(expect.objectContaining({ message: expect.not.stringContaining('sk-secret') }));
    expect(wrong).toThrow(expect.objectContaining({ facts: expect.objectContaining({ given: 'not shown' }) }));
  });
});
