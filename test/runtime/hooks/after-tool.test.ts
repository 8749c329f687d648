import { describe, expect, test } from 'vitest';
import type { HookedResult, Hooks, RunOptions, Tool } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { told } from '../../support/asking.ts';
import { conversations } from '../../support/guidance.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { note, notingTool } from '../../support/suspending.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

type Hook = NonNullable<Hooks['afterTool']>;

async function hooked(afterTool: Hook, more: Partial<RunOptions> = {}, tool: Partial<Tool> = {}) {
  await using house = await createHouse();
  const model = scriptedModel([{ toolCalls: [note('a secret')] }, 'Done.']);
  const toolManager = managerOf(notingTool([], tool));
  const run = house.run(model, { toolManager, sessionId: 's', hooks: { afterTool }, ...more });
  const { chunks, outcome } = await record(run);
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  const seen = JSON.stringify([chunks, stored.entries.filter(({ type }) => type === 'message')]);
  return {
    outcome,
    seen,
    statuses: callStatuses(stored),
    results: told(stored.messages),
    sent: conversations(model)[1],
  };
}

describe('afterTool', () => {
  test('is told what a call came to, and leaves it by saying nothing', async () => {
    const given: HookedResult[] = [];
    const { results, statuses } = await hooked((result) => void given.push(result));
    expect(given).toMatchObject([
      { tool: 'note', args: { text: 'a secret' }, status: 'success', content: 'noted a secret' },
    ]);
    expect([results, statuses]).toEqual([['noted a secret'], ['success']]);
  });

  test('changes what the model, readers and the journal are told', async () => {
    const { results, seen, sent } = await hooked(({ content }) => ({ content: content.replace('secret', '***') }));
    expect(results).toEqual(['noted a ***']);
    expect(seen).not.toContain('noted a secret');
    expect(sent?.at(-1)).toMatchObject({ role: 'tool', content: 'noted a ***' });
  });

  test('sees it before anybody is shown what the tool tells meanwhile', async () => {
    const execute = async function* () {
      yield 'noted a se';
      yield 'cret so far';
      return 'noted a secret';
    };
    const hook: Hook = ({ content }) => ({ content: content.replace('secret', '***') });
    const { seen, results } = await hooked(hook, {}, { execute });
    expect(results).toEqual(['noted a ***']);
    expect(seen).not.toContain('cret so far');
    const { seen: without } = await hooked(hook, { hooks: {} }, { execute });
    expect(without).toContain('cret so far');
  });

  test('may leave nothing of it', async () => {
    const { results, statuses } = await hooked(() => ({ content: '' }));
    expect([results, statuses]).toEqual([[''], ['success']]);
  });

  test.each<[string, Hook]>([
    [
      'throws',
      () => {
        throw new Error('No database.');
      },
    ],
    ['never ends', () => new Promise(() => {})],
    ['gives text', () => 'fine' as never],
    ['gives no content', () => ({ text: 'fine' }) as never],
    ['gives content that is no text', () => ({ content: ['fine'] }) as never],
  ])('withholds the result where it %s', async (_, afterTool) => {
    const { results, seen, statuses } = await hooked(afterTool, { deadlines: { hookMs: 20 } });
    expect(statuses).toEqual(['error']);
    expect(results).toEqual([expect.stringContaining('was run, and its result is withheld.')]);
    expect(seen).not.toContain('noted a secret');
  });

  test('is told of a call that failed too', async () => {
    const given: HookedResult[] = [];
    const fail = () => Promise.reject(new Error('No paper.'));
    await hooked((result) => void given.push(result), {}, { execute: fail });
    expect(given).toMatchObject([{ status: 'error', content: expect.stringContaining('No paper.') }]);
  });

  test('that is pending when the run is stopped lets nothing be seen', async () => {
    const controller = new AbortController();
    const deaf: Hook = () => {
      setImmediate(() => controller.abort());
      return new Promise(() => {});
    };
    const { outcome, seen, statuses } = await hooked(deaf, { signal: controller.signal });
    expect(outcome).toMatchObject({ reason: 'aborted' });
    expect(seen).not.toContain('noted a secret');
    expect(statuses).toEqual(['error']);
  });

  test('is not called for what a stop has cancelled', async () => {
    const controller = new AbortController();
    const given: HookedResult[] = [];
    const stopped: Tool['execute'] = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('Stopped.')));
        setImmediate(() => controller.abort());
      });
    const hook: Hook = (result) => void given.push(result);
    const { statuses } = await hooked(hook, { signal: controller.signal }, { execute: stopped });
    expect(given).toEqual([]);
    expect(statuses).toEqual(['cancelled']);
  });
});
