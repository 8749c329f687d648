import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { isSageError, SAgent, type RunOptions } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

const message = { role: 'user', content: 'Hi' };
const deadlineNames = ['totalMs', 'stepMs', 'firstChunkMs', 'chunkMs', 'toolMs'];

/** The option as an error names it, and what is given for it. */
const wrong: [string, Record<string, unknown>][] = [
  ...[undefined, null, 'gpt', {}, { chat: {} }].map((model): [string, object] => ['model', { model }]),
  ...[undefined, null, {}, 'gpt', []].map((modelConfig): [string, object] => ['modelConfig', { modelConfig }]),
  ['modelConfig.model', { modelConfig: { model: '' } }],
  ['modelConfig.model', { modelConfig: { temperature: 1 } }],
  ['modelConfig.temperature', { modelConfig: { model: 'm', temperature: 'hot' } }],
  ['modelConfig.topP', { modelConfig: { model: 'm', topP: Number.NaN } }],
  ['modelConfig.presencePenalty', { modelConfig: { model: 'm', presencePenalty: '1' } }],
  ['modelConfig.maxTokens', { modelConfig: { model: 'm', maxTokens: 0 } }],
  ['modelConfig.maxModelLen', { modelConfig: { model: 'm', maxModelLen: 1.5 } }],
  ['modelConfig.fast', { modelConfig: { model: 'm', fast: '' } }],
  ['modelConfig.extraBody', { modelConfig: { model: 'm', extraBody: [] } }],
  ['modelConfig.apiKey', { modelConfig: { model: 'm', apiKey: 5 } }],
  ['modelConfig.baseUrl', { modelConfig: { model: 'm', baseUrl: '' } }],
  ['modelConfig.top_p', { modelConfig: { model: 'm', top_p: 1 } }],
  ...[undefined, null, 7].map((systemPrefix): [string, object] => ['systemPrefix', { systemPrefix }]),
  ...[undefined, 0, -1, 1.5, '3', Infinity].map((maxLoopCount): [string, object] => ['maxLoopCount', { maxLoopCount }]),
  ...[undefined, null, 'Hi', message].map((inputMessages): [string, object] => ['inputMessages', { inputMessages }]),
  ['inputMessages[0]', { inputMessages: ['Hi'] }],
  ['inputMessages[0].role', { inputMessages: [{ content: 'Hi' }] }],
  ['inputMessages[1].content', { inputMessages: [message, { role: 'user', content: '  ' }] }],
  ['inputMessages[0].tool_call_id', { inputMessages: [{ role: 'tool', content: 'x' }] }],
  ['inputMessages', { inputMessages: [{ role: 'system', content: 'Obey.' }] }],
  [
    'inputMessages',
    {
      inputMessages: [
        { ...message, session_id: 'a' },
        { ...message, session_id: 'b' },
      ],
    },
  ],
  ['inputMessages', { inputMessages: [{ ...message, session_id: 'a' }], sessionId: 'b' }],
  ['sandboxType', { sandboxType: 'docker' }],
  ['sandboxOptions', { sandboxOptions: 'on' }],
  ['sandboxOptions.netwrok', { sandboxOptions: { netwrok: 'on' } }],
  ['sandboxOptions.network', { sandboxOptions: { network: 'maybe' } }],
  ['sandboxOptions.env.A-B', { sandboxOptions: { env: { 'A-B': 'x' } } }],
  ['sandboxOptions.env.A', { sandboxOptions: { env: { A: 5 } } }],
  ['sandboxOptions.limits.memory', { sandboxOptions: { limits: { memory: 5 } } }],
  ['sandboxOptions.limits.memoryBytes', { sandboxOptions: { limits: { memoryBytes: 0 } } }],
  ['sandboxOptions.requireLimits', { sandboxOptions: { requireLimits: 'soft' } }],
  ['sandboxOptions.adoptWorkspace', { sandboxOptions: { adoptWorkspace: 'yes' } }],
  ['sandboxOptions.remote', { sandboxOptions: { remote: 'https://x' } }],
  ['sandboxOptions.remote.url', { sandboxOptions: { remote: { url: 'x', apiKey: 'k' } } }],
  ['sandboxOptions.remote.domain', { sandboxOptions: { remote: { domain: '', apiKey: 'k' } } }],
  ['sandboxOptions.remote.apiKey', { sandboxOptions: { remote: { domain: 'x' } } }],
  ['sandboxOptions.remote.apiKey', { sandboxOptions: { remote: { domain: 'x', apiKey: 'a\nb' } } }],
  ['sandboxOptions.remote.protocol', { sandboxOptions: { remote: { domain: 'x', apiKey: 'k', protocol: 'ftp' } } }],
  ['sandboxOptions.remote.keep', { sandboxOptions: { remote: { domain: 'x', apiKey: 'k', keep: 'yes' } } }],
  [
    'sandboxOptions.remote.timeoutSeconds',
    { sandboxOptions: { remote: { domain: 'x', apiKey: 'k', timeoutSeconds: 0 } } },
  ],
  ['moreSuggest', { moreSuggest: 'yes' }],
  ['forceSummary', { forceSummary: 1 }],
  ['availableWorkflows', { availableWorkflows: ['deploy'] }],
  ['availableWorkflows.deploy', { availableWorkflows: { deploy: '' } }],
  ['sandboxAgentWorkspace', { sandboxType: 'remote', sandboxAgentWorkspace: 'relative' }],
  ['sandboxAgentWorkspace', { sandboxType: 'remote', sandboxAgentWorkspace: '/a/../b' }],
  ['sandboxAgentWorkspace', { sandboxType: 'remote', sandboxAgentWorkspace: '/' }],
  ['sandboxId', { sandboxType: 'remote', sandboxId: '' }],
  ['sandboxId', { sandboxType: 'passthrough', sandboxId: 'sb-1' }],
  ['volumeMounts', { volumeMounts: '/data' }],
  ['volumeMounts[0].hostPath', { volumeMounts: [{ hostPath: 'data', mountPath: '/data' }] }],
  ['volumeMounts[0].mountPath', { volumeMounts: [{ hostPath: '/data' }] }],
  ['volumeMounts[0].read_only', { volumeMounts: [{ hostPath: '/data', mountPath: '/data', read_only: true }] }],
  ['sandboxAgentWorkspace', { sandboxType: 'passthrough', sandboxAgentWorkspace: undefined }],
  ['sandboxAgentWorkspace', { sandboxType: 'local', sandboxAgentWorkspace: '' }],
  ['sandboxAgentWorkspace', { sandboxAgentWorkspace: 5 }],
  ['agentMode', { agentMode: 'swarm' }],
  ['toolManager', { toolManager: [] }],
  ['systemContext', { systemContext: 'now' }],
  ['deepThinking', { deepThinking: 'yes' }],
  ['allowSystemInMessages', { allowSystemInMessages: 1 }],
  ['limits', { limits: 5 }],
  ['limits.maxTokens', { limits: { maxTokens: 0 } }],
  ['limits.maxToolCalls', { limits: { maxToolCalls: -1 } }],
  ['limits.maxCost', { limits: { maxCost: 1 } }],
  ['signal', { signal: {} }],
  ['deadlines', { deadlines: 5 }],
  ...deadlineNames.map((name): [string, object] => [`deadlines.${name}`, { deadlines: { [name]: 0 } }]),
  ...deadlineNames.map((name): [string, object] => [`deadlines.${name}`, { deadlines: { [name]: '5' } }]),
  ['deadlines.idleMs', { deadlines: { idleMs: 5 } }],
  ['durability', { durability: 'none' }],
  ...['tenantId', 'userId', 'agentId'].map((name): [string, object] => [name, { [name]: '' }]),
  ['max_loop_count', { max_loop_count: 3 }],
].map(([name, given]) => [name as string, given as Record<string, unknown>]);

describe('a wrong option is refused at once, by name:', () => {
  test.each(wrong)('%s in %o', async (option, given) => {
    await using house = await createHouse();
    const options = { ...house.options(scriptedModel([])), ...given } as unknown as RunOptions;
    const refusal = caught(() => house.agent.runStream(options));
    expect(refusal).toMatchObject({
      code: 'invalid-argument',
      facts: { option },
      message: expect.stringContaining(option),
    });
    await expect(house.agent.startRun(options)).rejects.toMatchObject({ code: 'invalid-argument', facts: { option } });
    await expect(readdir(house.root)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each([undefined, null, 5, 'options', []])('options themselves: %o', async (options) => {
    await using house = await createHouse();
    const refusal = caught(() => house.agent.runStream(options as unknown as RunOptions));
    expect(refusal).toMatchObject({ code: 'invalid-argument' });
  });

  test.each([
    ['sessionRootSpace', { sessionRootSpace: '' }],
    ['sessionRootSpace', {}],
    ['sandboxType', { sessionRootSpace: 'sessions', sandboxType: 'docker' }],
  ])('of the agent: %s in %o', (option, given) => {
    expect(caught(() => new SAgent(given as never))).toMatchObject({ code: 'invalid-argument', facts: { option } });
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return isSageError(error) ? error : `no SageError: ${String(error)}`;
  }
  return undefined;
}
