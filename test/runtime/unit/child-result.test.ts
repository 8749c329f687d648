import { expect, test } from 'vitest';
import type { Finish } from '../../../src/agents/fibre/finish-task.ts';
import { childResultOf } from '../../../src/runtime/children/child-result.ts';
import type { StoredMessage } from '../../../src/session/entry.ts';
import { Ledger } from '../../../src/session/ledger.ts';

test('an answer that crashes have cut off is told with all that went on from there', () => {
  expect(resultOf([says('The wall '), isTold, says('stands: '), isTold, says('it is red.', 'whole')])).toEqual({
    status: 'completed',
    text: 'The wall stands: it is red.',
  });
});

test('what was cut off before the task, or before a call, is no part of the answer', () => {
  const called: StoredMessage = { role: 'tool', message_id: 'm', content: 'red', message_type: 'tool_call_result' };
  expect(resultOf([says('Let me loo'), isTold, says('I look.', 'whole'), called, says('Red.', 'whole')]).text).toBe(
    'Red.',
  );
  expect(resultOf([says('An older wo'), task, says('Red.', 'whole')]).text).toBe('Red.');
});

test('what it has finished its task with is the result, also where it has answered guidance since', () => {
  const noted = [{ ...says('', 'whole'), message_id: 'f' }, says('Noted.', 'whole')];
  expect(resultOf([task, ...noted], { message_id: 'f', status: 'failed', result: 'It is red.' })).toEqual({
    status: 'failed',
    text: 'It is red.',
  });
});

test('what it has finished an earlier task with is not the result', () => {
  const before = [{ ...says('', 'whole'), message_id: 'f' }, task, says('Noted.', 'whole')];
  expect(resultOf(before, { message_id: 'f', status: 'failed', result: 'It is red.' })).toEqual({
    status: 'completed',
    text: 'Noted.',
  });
});

const task: StoredMessage = {
  role: 'user',
  message_id: 'm',
  content: 'Look.',
  message_type: 'user_input',
  metadata: { source: 'delegation' },
};
const isTold: StoredMessage = { role: 'user', message_id: 'm', content: 'You were cut off.', message_type: 'guide' };

function says(content: string, until: 'whole' | 'crashed' = 'crashed'): StoredMessage {
  const said = {
    role: 'assistant',
    agent_name: 'a',
    message_id: 'm',
    content,
    message_type: 'assistant_text',
  } as const;
  return until === 'whole' ? said : { ...said, metadata: { incomplete: 'crashed' } };
}

function resultOf(messages: readonly StoredMessage[], finish?: Finish) {
  const ledger = new Ledger('child');
  for (const [place, message] of messages.entries()) ledger.fold({ type: 'message', message }, 0, place + 1);
  if (finish !== undefined) ledger.fold({ type: 'state', key: 'finish_task', value: finish }, 0, messages.length + 1);
  return childResultOf({ reason: 'done' }, ledger);
}
