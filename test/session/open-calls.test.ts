import { describe, expect, test } from 'vitest';
import { answerOpenCalls, resultEntries, resultMessage, type OpenCalls } from '../../src/session/open-calls.ts';
import { restEntries } from '../../src/session/repair-pairs.ts';
import { countingIds } from '../../src/testing/fixed.ts';
import { added, callers, openSession, result } from './helpers.ts';

/** A session with one message of three open calls. */
function openThree() {
  const { session, ledger } = openSession();
  session.append([added({ ...callers('m', ['look', 'read', 'write']), agent_name: 'simple' })]);
  const open = ledger.openCalls.get('m') as OpenCalls;
  const settle = (index: number) =>
    session.append(resultEntries(open, index, result(`t${index}`, `c${index}`))).map(({ message_id }) => message_id);
  return { session, ledger, open, settle };
}

function statuses(session: ReturnType<typeof openThree>): unknown[] {
  return session.ledger.resultsOf('m').map(({ metadata }) => metadata?.['tool_execution_status']);
}

describe('a result', () => {
  test('is shown at once when every earlier call has been answered', () => {
    const { settle } = openThree();
    expect([settle(0), settle(1), settle(2)]).toEqual([['t0'], ['t1'], ['t2']]);
  });

  test('is stored at once, and shown when its turn comes', () => {
    const { settle, open, ledger } = openThree();
    expect([settle(2), settle(1)]).toEqual([[], []]);
    expect([...open.settled.keys()]).toEqual([2, 1]);
    expect(settle(0)).toEqual(['t0', 't1', 't2']);
    expect(ledger.openCalls.size).toBe(0);
  });

  test('shows those it held up as far as there is no gap', () => {
    const { settle } = openThree();
    expect([settle(2), settle(0), settle(1)]).toEqual([[], ['t0'], ['t1', 't2']]);
  });

  test('names its call, its tool, its agent, and how it ended', () => {
    const { open } = openThree();
    expect(resultMessage(open, 1, countingIds(), 'text', 'error')).toEqual({
      role: 'tool',
      message_id: 'id-1',
      agent_name: 'simple',
      content: 'text',
      tool_call_id: 'c1',
      message_type: 'tool_call_result',
      metadata: { tool_name: 'read', tool_execution_status: 'error' },
    });
  });
});

describe('an open call at the end of a run', () => {
  test('gets exactly one result, in call order: its own, or a word on why there is none', () => {
    const three = openThree();
    const { session, open, settle } = three;
    session.append([{ type: 'intents', message_id: 'm', calls: [0, 1] }]);
    settle(1);
    const shown = session.append(answerOpenCalls(open, session.createId));
    expect(shown.map(({ tool_call_id }) => tool_call_id)).toEqual(['c0', 'c1', 'c2']);
    expect(statuses(three)).toEqual(['not_run', undefined, 'unknown']);
  });

  test('that was not started was not run', () => {
    const { session, open } = openThree();
    const [shown] = session.append(answerOpenCalls(open, session.createId));
    expect(JSON.parse(shown?.content as string)).toEqual({
      status: 'not_run',
      message: 'This call was not run: the run ended before it. Call again if it is still needed.',
    });
  });

  test('that was started may or may not have run', () => {
    const { session, open } = openThree();
    session.append([{ type: 'intents', message_id: 'm', calls: [0] }]);
    const [shown] = session.append(answerOpenCalls(open, session.createId));
    expect(JSON.parse(shown?.content as string)).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('may or may not'),
    });
  });

  test('of a reply cut at its length is told so', () => {
    const { session, open } = openThree();
    const shown = session.append(answerOpenCalls(open, session.createId, 'cut'));
    expect(shown).toHaveLength(3);
    for (const { content } of shown) expect(content).toContain('cut at the length limit');
  });

  test('is not answered again once it has been', () => {
    const { session, ledger, open } = openThree();
    session.append(answerOpenCalls(open, session.createId));
    expect(answerOpenCalls(open, session.createId)).toEqual([]);
    expect(restEntries(ledger, 'aborted', session.createId)).toEqual([]);
  });
});

describe('bringing a session to rest', () => {
  test('closes messages first, then answers every open call of every message', () => {
    const { session, ledger } = openThree();
    session.append([added(callers('n', ['look']))]);
    session.startMessage({ role: 'assistant', agent_name: 'simple' }).add([{ content: 'I' }]);
    const shown = session.append(restEntries(ledger, 'aborted', session.createId));
    expect(shown.map(({ tool_call_id, metadata }) => tool_call_id ?? metadata)).toEqual([
      { incomplete: 'aborted' },
      'c0',
      'c1',
      'c2',
      'c0',
    ]);
  });

  test('does not call progress incomplete', () => {
    const { session, ledger } = openSession();
    session
      .startMessage({ role: 'tool', agent_name: 'simple', message_type: 'tool_progress' })
      .add([{ content: '1 %' }]);
    const [closing] = session.append(restEntries(ledger, 'aborted', session.createId));
    expect(closing).toMatchObject({ is_final: true, message_type: 'tool_progress' });
    expect(closing).not.toHaveProperty('metadata');
  });
});
