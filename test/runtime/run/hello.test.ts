import { expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

test('"Hello" is exactly one model call', async () => {
  await using house = await createHouse();
  const model = scriptedModel([{ text: ['Hi', ' there'], usage: { prompt_tokens: 9, completion_tokens: 2 } }]);
  const { outcome, text } = await record(house.run(model, { toolManager: managerOf(echoTool()) }));
  expect(model.requests).toHaveLength(1);
  expect(text).toBe('Hi there');
  expect(outcome).toEqual({
    status: 'completed',
    reason: 'done',
    phase: 'closing',
    sessionId: 'id1-1',
    runId: 'id1-2',
    usage: {
      calls: 1,
      callsWithoutUsage: 0,
      inputTokens: 9,
      cachedInputTokens: 0,
      outputTokens: 2,
      reasoningTokens: 0,
    },
    pendingGuidance: [],
    abandonedTools: [],
    selfCheck: { passed: true, issues: [] },
  });
});

test('the whole transcript of "Hello"', async () => {
  await using house = await createHouse();
  const { chunks } = await record(house.run(scriptedModel([{ text: ['Hi', ' there'] }]), { sessionId: 's' }));
  const piece = {
    role: 'assistant',
    message_id: 'id1-3',
    session_id: 's',
    agent_name: 'simple',
    timestamp: 1_767_225_600,
  };
  const shown = { ...piece, message_type: 'assistant_text', is_chunk: true };
  const token_usage = {
    calls: 1,
    calls_without_usage: 1,
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
  };
  expect(chunks).toEqual([
    { ...shown, content: 'Hi', chunk_id: 'id1-3-0', is_final: false, seq: 20 },
    { ...shown, content: ' there', chunk_id: 'id1-3-1', is_final: false, seq: 21 },
    { ...shown, chunk_id: 'id1-3-2', is_final: true, seq: 22 },
    {
      role: 'assistant',
      content: '',
      message_id: 'id1-4',
      session_id: 's',
      message_type: 'token_usage',
      metadata: { token_usage },
      chunk_id: 'id1-4-0',
      timestamp: 1_767_225_600,
      is_chunk: false,
      is_final: true,
      seq: 38,
    },
  ]);
});
