import type { FlowNode } from '../../src/flow/flow.ts';
import { runFlow, type FlowEnd, type FlowHost, type NodePlace } from '../../src/flow/run-flow.ts';

export interface Outcome {
  readonly type: string;
}

/** What the agent under this key does: its batches, and what it comes to. */
export type Play = (place: NodePlace) => AsyncGenerator<string, Outcome>;

export interface Script {
  readonly agents?: Readonly<Record<string, Play>>;
  readonly conditions?: Readonly<Record<string, () => boolean | Promise<boolean>>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** What earlier attempts have written down. */
  readonly left?: Readonly<Record<string, Outcome>>;
  readonly entered?: Readonly<Record<string, string | undefined>>;
}

/** A host that writes down what happens. An agent nobody has scripted says its path, and is done. */
export function createHost({ agents = {}, conditions = {}, variables = {}, left = {}, entered = {} }: Script = {}) {
  const log: string[] = [];
  const host: FlowHost<string, Outcome> = {
    graceMs: 200,
    runAgent: ({ agent_key }, place) => (agents[agent_key] ?? says)(place),
    holds: async (condition) => {
      log.push(`asked ${condition}`);
      return (await conditions[condition]?.()) ?? false;
    },
    loops: {
      begin: ({ condition }) => log.push(`began loop ${condition}`),
      end: ({ condition }) => log.push(`ended loop ${condition}`),
    },
    valueOf: (variable) => variables[variable],
    trace: {
      outcomeOf: (path) => left[path],
      decisionOf: (path) => entered[path],
      wasEntered: (path) => path in entered || path in left,
      entered: (path, _node, decision) => log.push(`entered ${path}${decision === undefined ? '' : ` → ${decision}`}`),
      left: (path, { type }, note) => log.push(`left ${path} ${type}${note === undefined ? '' : ` (${note})`}`),
    },
  };
  return { host, log };
}

async function* says({ path }: NodePlace): AsyncGenerator<string, Outcome> {
  yield path;
  return { type: 'done' };
}

/** Runs the flow to its end. */
export async function walk(root: FlowNode, script: Script = {}, signal = new AbortController().signal) {
  const { host, log } = createHost(script);
  const batches: string[] = [];
  const source = runFlow(root, signal, host);
  for (;;) {
    const next: IteratorResult<string, Outcome | FlowEnd> = await source.next();
    if (next.done) return { batches, outcome: next.value, log };
    batches.push(next.value);
  }
}
