import { describe, expect, test } from 'vitest';
import type { AgentFlow } from '../../src/flow/flow.ts';
import { runFlow, runNode, type FlowHost } from '../../src/flow/run-flow.ts';

const flow: AgentFlow = { name: 'one', root: { node_type: 'agent', agent_key: 'simple' } };

interface Outcome {
  readonly type: string;
}

/** A host whose agent yields two batches, and that writes down what happens. */
function createHost(known: Readonly<Record<string, Outcome>> = {}, fail?: Error) {
  const log: string[] = [];
  const host: FlowHost<number, Outcome> = {
    async *runAgent({ agent_key }) {
      try {
        yield 1;
        if (fail !== undefined) throw fail;
        yield 2;
        return { type: 'done' };
      } finally {
        log.push(`${agent_key} closed`);
      }
    },
    outcomeOf: (path) => known[path],
    entered: (path, node) => log.push(`entered ${path} ${node.agent_key}`),
    left: (path, { type }) => log.push(`left ${path} ${type}`),
  };
  return { host, log };
}

async function read(source: AsyncGenerator<number, Outcome>) {
  const batches: number[] = [];
  for (;;) {
    const next = await source.next();
    if (next.done) return { batches, outcome: next.value };
    batches.push(next.value);
  }
}

describe('a flow', () => {
  test('yields what its agents yield, returns what it came to, and is traced', async () => {
    const { host, log } = createHost();
    expect(await read(runFlow(flow, host))).toEqual({ batches: [1, 2], outcome: { type: 'done' } });
    expect(log).toEqual(['entered root simple', 'simple closed', 'left root done']);
  });

  test('skips a node that an earlier attempt has left, and gives its outcome', async () => {
    const { host, log } = createHost({ root: { type: 'max-loops' } });
    expect(await read(runFlow(flow, host))).toEqual({ batches: [], outcome: { type: 'max-loops' } });
    expect(log).toEqual([]);
  });

  test('enters a node again that was entered and not left', async () => {
    const { host, log } = createHost({ 'root/other': { type: 'done' } });
    await read(runFlow(flow, host));
    expect(log[0]).toBe('entered root simple');
  });

  test('runs a node under a path of its own', async () => {
    const { host, log } = createHost({ root: { type: 'done' } });
    await read(runNode(flow.root, 'guidance/1', host));
    expect(log).toEqual(['entered guidance/1 simple', 'simple closed', 'left guidance/1 done']);
  });

  test('closes its agent when the reader leaves early: the node is not left', async () => {
    const { host, log } = createHost();
    for await (const _ of runFlow(flow, host)) break;
    expect(log).toEqual(['entered root simple', 'simple closed']);
  });

  test('throws what its agent throws: the node is not left', async () => {
    const error = new Error('A bug.');
    const { host, log } = createHost({}, error);
    await expect(read(runFlow(flow, host))).rejects.toBe(error);
    expect(log).toEqual(['entered root simple', 'simple closed']);
  });
});
