import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { checkOptions } from '../../../src/runtime/options/check-options.ts';

const secret = 'sk-this-is-a-secret';

test.each([
  ['under a wrong name', { modelConfig: { model: 'm', api_key: secret } }, 'modelConfig.api_key'],
  ['in the wrong place', { apiKey: secret }, 'apiKey'],
  [
    'to a sandbox server, and no header can carry it',
    { sandboxOptions: { remote: { domain: 'x', apiKey: `${secret}\n` } } },
    'sandboxOptions.remote.apiKey',
  ],
  ['of the wrong kind', { modelConfig: { model: 'm', apiKey: [secret] } }, 'modelConfig.apiKey'],
])('a key given %s stays out of the error', (_, options, option) => {
  const model = { chat: { completions: { create: () => Promise.resolve() } } };
  const given = {
    inputMessages: [],
    model,
    modelConfig: { model: 'm' },
    systemPrefix: '',
    maxLoopCount: 1,
    sandboxAgentWorkspace: '.',
    ...options,
  };
  let refusal: unknown;
  try {
    checkOptions(given as unknown as Parameters<typeof checkOptions>[0], { sandboxType: 'passthrough' });
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ code: 'invalid-argument', facts: { option } });
  expect(inspect(refusal)).not.toContain(secret);
});
