import { describe, expect, test } from 'vitest';
import { createPrompt, hash, prefixChanges, prefixOf, renderContext } from '../../../src/runtime/prompt.ts';
import type { ModelConfig, RunOptions } from '../../../src/runtime/options/run-options.ts';
import type { LastRun } from '../../../src/session/status.ts';
import { ToolManager } from '../../../src/tools/tool-manager.ts';
import { tool } from '../../tools/helpers.ts';
import { checked } from './helpers.ts';

function parametersOf(config: Partial<ModelConfig>, more: Partial<RunOptions> = {}): unknown {
  const options = checked({ modelConfig: { model: 'm', ...config }, ...more });
  return createPrompt(options, options.thinking).parameters;
}

describe('the parameters of a request', () => {
  test.each<[Partial<ModelConfig>, object]>([
    [{}, {}],
    [
      { temperature: 0, topP: 0.5, presencePenalty: 1 },
      { temperature: 0, top_p: 0.5, presence_penalty: 1 },
    ],
    [{ maxTokens: 10 }, { max_tokens: 10 }],
    [
      { model: 'gpt-4o', maxTokens: 10 },
      { model: 'gpt-4o', max_tokens: 10 },
    ],
    [
      { model: 'gpt-5-mini', maxTokens: 10 },
      { model: 'gpt-5-mini', max_completion_tokens: 10 },
    ],
    [
      { model: 'o3', maxTokens: 10 },
      { model: 'o3', max_completion_tokens: 10 },
    ],
    [
      { temperature: 0, extraBody: { temperature: 1, seed: 7 } },
      { temperature: 1, seed: 7 },
    ],
    [{ apiKey: 'secret', baseUrl: 'https://example.com', maxModelLen: 9, fast: 'small' }, {}],
  ])('for %j are %j', (config, parameters) => {
    expect(parametersOf(config)).toEqual({ model: 'm', ...parameters });
  });

  test.each([
    ['high', 'high'],
    ['minimal', 'minimal'],
    ['max', 'xhigh'],
  ])('ask for the thinking level %s as reasoning effort %s', (level, reasoning_effort) => {
    const inputMessages = [{ role: 'user', content: `<thinking_level>${level}</thinking_level>Hi` }] as const;
    expect(parametersOf({}, { inputMessages })).toEqual({ model: 'm', reasoning_effort });
  });

  test('ask for high effort when deep thinking is on, and for none when the user turns it off', () => {
    const off = [{ role: 'user', content: '<enable_deep_thinking>false</enable_deep_thinking>Hi' }] as const;
    expect(parametersOf({}, { deepThinking: true })).toEqual({ model: 'm', reasoning_effort: 'high' });
    expect(parametersOf({}, { deepThinking: true, inputMessages: off })).toEqual({ model: 'm' });
  });
});

describe('the prompt', () => {
  test('is the system message and the tools, sorted, each as JSON', () => {
    const toolManager = new ToolManager({ tools: [tool('look', () => ''), tool('add', () => '')] });
    const { system, tools = '' } = createPrompt(checked({ toolManager }), undefined);
    expect(system).toEqual(['{"role":"system","content":"Be brief."}']);
    expect((JSON.parse(tools) as { function: { name: string } }[]).map(({ function: { name } }) => name)).toEqual([
      'add',
      'look',
    ]);
  });

  test('has neither where there is none', () => {
    expect(createPrompt(checked({ systemPrefix: '' }), undefined)).toMatchObject({ system: [], tools: undefined });
  });
});

describe('the prefix of a run', () => {
  const tools = new ToolManager({ tools: [tool('look', () => '')] });
  const prefix = (more: Partial<RunOptions>) => prefixOf([createPrompt(checked(more), undefined)]);

  test('is the same for the same system prompt and tools, whatever else is asked', () => {
    expect(prefix({ toolManager: tools, modelConfig: { model: 'other' }, maxLoopCount: 9 })).toEqual(
      prefix({ toolManager: tools }),
    );
  });

  test('changes with what a request begins with', () => {
    const last = { prefix: prefix({}) } as LastRun;
    expect(prefixChanges(last, prefix({ systemPrefix: 'Be long.' }))).toEqual([
      { type: 'prefix_changed', cause: 'system' },
    ]);
    expect(prefixChanges(last, prefix({ toolManager: tools }))).toEqual([{ type: 'prefix_changed', cause: 'tools' }]);
    expect(prefixChanges(last, last.prefix)).toEqual([]);
    expect(prefixChanges(undefined, last.prefix)).toEqual([]);
  });

  test('holds hashes, not texts', () => {
    expect(hash('a')).toMatch(/^[0-9a-f]{16}$/);
    expect(hash('a')).not.toBe(hash('b'));
  });
});

describe('the changing facts', () => {
  test('are the time and what the host gives, a line each', () => {
    expect(renderContext({ city: 'Ulm', ducks: { n: 2 } }, 0)).toBe(
      ['<context>', 'current_time: 1970-01-01T00:00:00.000Z', 'city: Ulm', 'ducks: {"n":2}', '</context>'].join('\n'),
    );
  });

  test('may tell another time', () => {
    expect(renderContext({ current_time: 'noon' }, 0)).toContain('current_time: noon');
  });
});
