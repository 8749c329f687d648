import { describe, expect, test } from 'vitest';
import { LoopDetector } from '../../src/agents/loop-detection.ts';
import type { Message } from '../../src/messages/message.ts';
import { toolCall } from '../session/helpers.ts';

const base = { message_id: 'm', session_id: 's', timestamp: 0, seq: 1 };

/** Sees steps, each a call with its arguments and its result: `look {} → a lake`. */
function see(detector: LoopDetector, ...steps: readonly (readonly [name: string, args: string, result: string])[]) {
  return steps.map(([name, args, content], place) => {
    const tool_calls = [toolCall(`c${place}`, name, args)];
    const reply: Message = { ...base, role: 'assistant', content: null, message_type: 'tool_call', tool_calls };
    return detector.see(reply, [{ ...base, role: 'tool', content, message_type: 'tool_call_result' }]);
  });
}

const same = ['look', '{}', 'a lake'] as const;

describe('a circle', () => {
  test('is the same call with the same result three times running, whatever the ids of the calls', () => {
    expect(see(new LoopDetector(), same, same, same)).toEqual(['go-on', 'go-on', 'correct']);
  });

  test('that goes on after the correction is stopped', () => {
    expect(see(new LoopDetector(), same, same, same, same).at(-1)).toBe('stop');
  });

  test('is not broken by the ids of the sessions that were made for a call', () => {
    const detector = new LoopDetector();
    const steps = ['id-1', 'id-2', 'id-3'].map((id) => {
      const tool_calls = [toolCall(`c-${id}`, 'delegate', '{}')];
      const reply: Message = { ...base, role: 'assistant', content: null, message_type: 'tool_call', tool_calls };
      const content = `{"session_id":"${id}","folder":"agents/${id}","result":"none"}`;
      const metadata = { session_ids: [id] };
      return detector.see(reply, [{ ...base, role: 'tool', content, message_type: 'tool_call_result', metadata }]);
    });
    expect(steps).toEqual(['go-on', 'go-on', 'correct']);
  });

  test.each([
    ['tool', ['read', '{}', 'a lake']],
    ['arguments', ['look', '{"far":true}', 'a lake']],
    ['result', ['look', '{}', 'two ducks']],
  ] as const)('ends with another %s', (_, other) => {
    expect(see(new LoopDetector(), same, same, other, same, same)).toEqual(Array.from({ length: 5 }, () => 'go-on'));
  });

  test('that was left and entered again is corrected again', () => {
    const other = ['read', '{}', 'a book'] as const;
    expect(see(new LoopDetector(), same, same, same, other, same, same, same).at(-1)).toBe('correct');
  });
});
