import { describe, expect, test } from 'vitest';
import { planState, type Plan } from '../../src/agents/multi/multi-state.ts';
import type { RunContext } from '../../src/agents/run-context.ts';
import { taskOf, usedTools } from '../../src/agents/tool-needs.ts';
import { defineTool } from '../../src/index.ts';
import type { Message } from '../../src/messages/message.ts';

const message = (fields: Partial<Message>): Message => ({
  role: 'user',
  message_id: 'm',
  session_id: 's',
  content: null,
  timestamp: 0,
  seq: 1,
  message_type: 'user_input',
  ...fields,
});
const said = (content: string, fields: Partial<Message> = {}) => message({ content, ...fields });

describe('the task', () => {
  const viewOf = (messages: readonly Message[], plan?: Pick<Plan, 'nextStep'>): RunContext => ({
    sessionId: 's',
    runId: 'r',
    settings: {} as RunContext['settings'],
    state: { get: (key) => (key === 'task_planning' ? plan : undefined), set: () => {} },
    systemContext: {},
    messages,
  });
  const messages = [
    said('First'),
    said('Second'),
    said('Fine.', { role: 'assistant', message_type: 'assistant_text' }),
    said('Third'),
    said('<memory>', { metadata: { hidden_from_chat: true } }),
  ];

  test('is what the user says, and before it was the turn before', () => {
    expect(taskOf(viewOf(messages))).toEqual({ text: 'Third', before: ['Second'] });
  });

  test('is the planned step, where there is one', () => {
    const view = viewOf(messages, { nextStep: 'Step' });
    expect(planState.of(view.state)?.nextStep).toBe('Step');
    expect(taskOf(view)).toEqual({ text: 'Step', before: ['Third', 'Second'] });
  });

  test('is nothing where nothing was said', () => {
    expect(taskOf(viewOf([]))).toEqual({ text: '', before: [] });
  });
});

test('the tools that were used are the newest ten, the newest first, of those that are there', () => {
  const calls = (names: readonly string[]) =>
    message({
      role: 'assistant',
      tool_calls: names.map((name) => ({ id: name, type: 'function', function: { name, arguments: '{}' } })),
    });
  const names = Array.from({ length: 12 }, (_, i) => `t${i}`);
  const tools = names.map((name) => defineTool({ name, description: name, execute: () => 'ok' }));
  const used = usedTools([calls(names), said('Go on.'), calls(['gone', 't3'])], tools);
  expect(used).toEqual(['t3', 't11', 't10', 't9', 't8', 't7', 't6', 't5', 't4', 't2']);
});
