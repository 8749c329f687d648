import { describe, expect, test } from 'vitest';
import type { AgentDefinition, FlowNode, RunTrace } from '../../../src/index.ts';
import { httpError, record, scriptedModel, stall } from '../../../src/testing/index.ts';
import { crashAfter } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { agent, choose, doer, either, flow, loop, named, parallel, sayer, sequence, simple } from './nodes.ts';

/** Each step as a line. */
function lines(trace: RunTrace | undefined): string[] {
  return (trace?.steps ?? []).map(({ path, node_type, agent_key, decision, outcome, note }) =>
    [path, node_type, agent_key, decision && `→ ${decision}`, outcome, note && `(${note})`]
      .filter((part) => part !== undefined)
      .join(' '),
  );
}

async function walked(house: TestHouse, root: FlowNode): Promise<string[]> {
  await record(house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(root) }));
  return lines(await house.agent.getTrace('s'));
}

describe('getTrace tells', () => {
  test('the way of a run through its flow: turns, choices, what each came to', async () => {
    await using house = await createHouse({ agents: [sayer('a')] });
    const root = sequence(
      loop('always_true', agent('a'), 2),
      either('always_false', agent('a')),
      either('always_true', agent('a'), agent('a')),
      choose('agent_mode', { 'simple': agent('a'), 'a/b': agent('a') }),
    );
    expect(await walked(house, root)).toEqual([
      'root sequence done',
      'root/steps/0 loop done (max_loops)',
      'root/steps/0/body/1 agent a done',
      'root/steps/0/body/2 agent a done',
      'root/steps/1 if → none done',
      'root/steps/2 if → true_body done',
      'root/steps/2/true_body agent a done',
      'root/steps/3 switch → cases/simple done',
      'root/steps/3/cases/simple agent a done',
    ]);
  });

  test('nothing of a note where the condition ended the loop', async () => {
    await using house = await createHouse({ agents: [sayer('a')] });
    expect(await walked(house, loop('always_false', agent('a')))).toEqual(['root loop done']);
  });

  test('a loop in a loop, each turn under its path', async () => {
    await using house = await createHouse({ agents: [sayer('a')] });
    const root = loop('always_true', loop('always_true', agent('a'), 1), 2);
    expect(await walked(house, root)).toEqual([
      'root loop done (max_loops)',
      'root/body/1 loop done (max_loops)',
      'root/body/1/body/1 agent a done',
      'root/body/2 loop done (max_loops)',
      'root/body/2/body/1 agent a done',
    ]);
  });

  test('what a node came to that ended the run', async () => {
    const asks: AgentDefinition = {
      key: 'asks',
      async *run({ add }) {
        yield add({ role: 'assistant', content: 'Which?' });
        return { type: 'need-user-input' };
      },
    };
    await using house = await createHouse({ agents: [asks, sayer('never')] });
    expect(await walked(house, sequence(agent('asks'), agent('never')))).toEqual([
      'root sequence need-user-input',
      'root/steps/0 agent asks need-user-input',
    ]);
  });

  test('no end of the nodes in which a run failed, and why it did', async () => {
    await using house = await createHouse();
    const refuse = () => Promise.reject(httpError(400, 'No.'));
    const customFlow = flow(sequence(simple(), simple()));
    await record(house.run(scriptedModel(['1', { at: { 0: refuse } }]), { sessionId: 's', customFlow }));
    const trace = await house.agent.getTrace('s');
    expect(lines(trace)).toEqual(['root sequence', 'root/steps/0 agent simple done', 'root/steps/1 agent simple']);
    expect(trace).toMatchObject({ attempts: 1, ended: { status: 'failed', reason: 'model-error' } });
  });

  test('when a node was entered and left', async () => {
    await using house = await createHouse({ agents: [sayer('a')] });
    await walked(house, agent('a'));
    const at = Date.UTC(2026, 0, 1) / 1000;
    expect((await house.agent.getTrace('s'))?.steps).toMatchObject([{ entered_at: at, left_at: at }]);
  });

  test('where a run is while it goes on', async () => {
    await using house = await createHouse({ agents: [sayer('first')] });
    const model = scriptedModel([{ text: ['a', 'never'], at: { 1: stall } }]);
    const run = house.run(model, { sessionId: 's', customFlow: flow(sequence(agent('first'), simple())) });
    let live: RunTrace | undefined;
    for await (const batch of run) {
      if (!batch.some(({ content }) => content === 'a')) continue;
      live = await house.agent.getTrace('s');
      break;
    }
    expect(live).toMatchObject({ runId: run.runId, agentMode: 'simple', attempts: 1 });
    expect(live).not.toHaveProperty('ended');
    expect(lines(live)).toEqual(['root sequence', 'root/steps/0 agent first done', 'root/steps/1 agent simple']);
    expect((await house.agent.getTrace('s'))?.ended).toEqual({ status: 'interrupted', reason: 'reader-gone' });
  });

  test('of the default flow', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), { sessionId: 's' }));
    const body = 'root/steps/0/cases/simple';
    expect(lines(await house.agent.getTrace('s'))).toEqual([
      'root sequence done',
      'root/steps/0 switch → cases/simple done',
      `${body} sequence done`,
      `${body}/steps/0 parallel done`,
      `${body}/steps/0/branches/0 agent tool_suggestion done`,
      `${body}/steps/0/branches/1 agent memory_recall done`,
      `${body}/steps/1 if → none done`,
      `${body}/steps/2 if → true_body done`,
      `${body}/steps/2/true_body loop done`,
      `${body}/steps/2/true_body/body/1 sequence done`,
      `${body}/steps/2/true_body/body/1/steps/0 agent simple done`,
      `${body}/steps/2/true_body/body/1/steps/1 agent self_check done`,
      `${body}/steps/3 if → none done`,
      'root/steps/1 if → none done',
    ]);
  });
});

describe('getTrace finds', () => {
  test('the newest run, and an older one by its id; also after a restart', async () => {
    await using house = await createHouse({ agents: [sayer('a'), sayer('b'), sayer('c')] });
    const runs = [];
    for (const key of ['a', 'b', 'c']) {
      const run = house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(agent(key)) });
      await record(run);
      runs.push(run.runId);
    }
    for (const helper of [house.agent, house.restart()]) {
      const found = [];
      for (const runId of [undefined, ...runs]) {
        const trace = await helper.getTrace('s', runId);
        found.push([trace?.runId, ...lines(trace), trace?.ended?.reason]);
      }
      const [a, b, c] = runs;
      expect(found).toEqual([
        [c, 'root agent c done', 'done'],
        [a, 'root agent a done', 'done'],
        [b, 'root agent b done', 'done'],
        [c, 'root agent c done', 'done'],
      ]);
    }
  });

  test('an older run while a newer one goes on', async () => {
    await using house = await createHouse({ agents: [sayer('a')] });
    const first = house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(agent('a')) });
    await record(first);
    const second = house.run(scriptedModel([{ text: ['x', 'y'] }]), { sessionId: 's' });
    await second.next();
    expect(lines(await house.agent.getTrace('s', first.runId))).toEqual(['root agent a done']);
    expect(lines(await house.agent.getTrace('s')).at(-1)).toMatch(/agent simple$/);
    await second.return();
  });

  test('nothing under an id nobody knows', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), { sessionId: 's' }));
    expect(await house.agent.getTrace('unknown')).toBeUndefined();
    expect(await house.agent.getTrace('s', 'unknown')).toBeUndefined();
  });

  test('nothing of another tenant’s, live or at rest', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's', tenantId: 'hers' });
    const look = async (tenant: string) => {
      const helpers = house.agent.forTenant(tenant);
      return [await helpers.getTrace('s'), await helpers.getTrace('s', run.runId)].map((trace) => trace?.runId);
    };
    await run.next();
    expect([await look('his'), await look('hers')]).toEqual([
      [undefined, undefined],
      [run.runId, run.runId],
    ]);
    await run.return();
    expect(await look('his')).toEqual([undefined, undefined]);
  });
});

describe('a run that is continued after a crash', () => {
  test('takes up its trace: what was left is not run again, what was decided is not asked again', async () => {
    const asked: string[] = [];
    const done: string[] = [];
    const does = (key: string) => doer(key, () => void done.push(key));
    await using house = await createHouse({ agents: [does('a'), does('b'), does('c')] });
    const register = (helper: TestHouse['agent']) =>
      helper.registerCondition('mine', () => {
        asked.push('mine');
        return true;
      });
    register(house.agent);
    const root = sequence(agent('a'), either('mine', sequence(agent('b'), simple(), agent('c'))));
    const base = { sessionId: 's', customFlow: flow(root) };
    const run = house.run(scriptedModel(['Hi']), base);
    await record(run);
    crashAfter(house.root, 's', ({ type }) => type === 'model_called');
    const crashed = house.restart();
    expect(lines(await crashed.getTrace('s'))).toEqual([
      'root sequence',
      'root/steps/0 agent a done',
      'root/steps/1 if → true_body',
      'root/steps/1/true_body sequence',
      'root/steps/1/true_body/steps/0 agent b done',
      'root/steps/1/true_body/steps/1 agent simple',
    ]);
    expect(await crashed.getTrace('s')).not.toHaveProperty('ended');
    register(crashed);
    const options = house.options(scriptedModel(['Hi again']), { ...base, inputMessages: [] });
    const { outcome } = await record(crashed.runStream(options));
    expect(outcome).toMatchObject({ reason: 'done', runId: run.runId });
    expect([asked, done]).toEqual([['mine'], ['a', 'b', 'c', 'c']]);
    const trace = await crashed.getTrace('s');
    expect(trace).toMatchObject({ runId: run.runId, attempts: 2, ended: { status: 'completed', reason: 'done' } });
    expect(lines(trace)).toEqual([
      'root sequence done',
      'root/steps/0 agent a done',
      'root/steps/1 if → true_body done',
      'root/steps/1/true_body sequence done',
      'root/steps/1/true_body/steps/0 agent b done',
      'root/steps/1/true_body/steps/1 agent simple done',
      'root/steps/1/true_body/steps/2 agent c done',
    ]);
  });

  test('keeps what its agents kept', async () => {
    const seen: unknown[] = [];
    const keeps = doer('keeps', ({ state }) => state.set('mood', { is: 'good' }));
    const looks = doer('looks', ({ state }) => void seen.push(state.get('mood')));
    await using house = await createHouse({ agents: [keeps, looks] });
    const base = { sessionId: 's', customFlow: flow(sequence(agent('keeps'), simple(), agent('looks'))) };
    await record(house.run(scriptedModel(['Hi']), base));
    crashAfter(house.root, 's', ({ type }) => type === 'model_called');
    const options = house.options(scriptedModel(['Hi']), { ...base, inputMessages: [] });
    await record(house.restart().runStream(options));
    expect(seen).toEqual([{ is: 'good' }, { is: 'good' }]);
  });

  test('is refused on another flow, before anything is written', async () => {
    await using house = await createHouse();
    await record(
      house.run(scriptedModel(['1', '2']), { sessionId: 's', customFlow: flow(sequence(simple(), simple())) }),
    );
    crashAfter(house.root, 's', ({ type }) => type === 'model_called');
    const restarted = house.restart();
    const before = await restarted.getTrace('s');
    const options = house.options(scriptedModel([]), { sessionId: 's', inputMessages: [], customFlow: flow(simple()) });
    await expect(restarted.runStream(options).next()).rejects.toMatchObject({ code: 'flow-changed' });
    expect(await restarted.getTrace('s')).toEqual(before);
  });

  test('goes on in the turn of the loop, and in the branches, where it stood', async () => {
    await using house = await createHouse();
    const root = loop('always_true', parallel([named('ann'), named('bob')], 1), 2);
    const base = { sessionId: 's', customFlow: flow(root) };
    const first = scriptedModel(['ann 1', 'bob 1', 'ann 2', 'bob 2']);
    await record(house.run(first, base));
    crashAfter(house.root, 's', (entry) => entry.type === 'node_left' && entry.path === 'root/body/2/branches/0');
    const again = scriptedModel(['bob 2 again']);
    const options = house.options(again, { ...base, inputMessages: [] });
    const { text, outcome } = await record(house.restart().runStream(options));
    expect([text, outcome.reason]).toEqual(['bob 2 again', 'done']);
  });
});
