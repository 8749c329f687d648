import type { z } from 'zod';
import { messageOf, SageError } from '../errors.ts';
import { caseName, type AgentConfig, type AgentFlow, type AgentNode, type FlowNode, type SwitchNode } from './flow.ts';
import { allowedIn, flowSchemas, type RawNode } from './node-schemas.ts';

/** What a flow may name. */
export interface KnownNames {
  readonly agents: readonly string[];
  readonly conditions: readonly string[];
}

const maxDepth = 100;
const maxNodes = 10_000;

/**
 * Reads a flow, from the builders or from Sage's flow JSON, and checks all of it before anything runs. Defaults are filled in, so
 * that equal flows read equal.
 *
 * @throws {SageError} `invalid-argument` naming the place, what is there and what is allowed: for a wrong or unknown field, an
 *   agent or condition nobody knows, a flow that contains itself, is nested deeper than 100 or has more than 10,000 nodes.
 */
export function readFlow(given: unknown, known: KnownNames): AgentFlow {
  const { name, description, root } = parse(flowSchemas().flow, given, 'flow');
  const reader = new FlowReader(known);
  return { name, ...described(description), root: reader.read(root, 'root', []) };
}

class FlowReader {
  readonly #known: KnownNames;
  #nodes = 0;

  constructor(known: KnownNames) {
    this.#known = known;
  }

  /** `above` holds the nodes on the way from the root. */
  read(given: unknown, path: string, above: readonly unknown[]): FlowNode {
    this.#nodes += 1;
    if (above.includes(given)) throw refused(path, 'a node that contains itself', 'a tree');
    if (above.length >= maxDepth) throw refused(path, `a node ${maxDepth + 1} deep`, `${maxDepth} levels`);
    if (this.#nodes > maxNodes) throw refused(path, `more than ${maxNodes} nodes`, `${maxNodes} nodes`);
    const node = parse(flowSchemas().node, given, path);
    const child = (inner: unknown, name: string) => this.read(inner, `${path}/${name}`, [...above, given]);
    const { description } = node;
    switch (node.node_type) {
      case 'agent':
        return this.#agent(node, path);
      case 'sequence': {
        const steps = node.steps.map((step, index) => child(step, `steps/${index}`));
        return { node_type: 'sequence', steps, ...described(description) };
      }
      case 'parallel': {
        const branches = node.branches.map((branch, index) => child(branch, `branches/${index}`));
        return { node_type: 'parallel', branches, max_concurrency: node.max_concurrency, ...described(description) };
      }
      case 'loop': {
        const { max_loops } = node;
        const condition = this.#condition(node.condition, path);
        return { node_type: 'loop', body: child(node.body, 'body'), condition, max_loops, ...described(description) };
      }
      case 'if': {
        const condition = this.#condition(node.condition, path);
        const otherwise = isThere(node.false_body) ? { false_body: child(node.false_body, 'false_body') } : {};
        const true_body = child(node.true_body, 'true_body');
        return { node_type: 'if', condition, true_body, ...otherwise, ...described(description) };
      }
      case 'switch': {
        // Without a prototype, so that any name can be a case.
        const cases: Record<string, FlowNode> = Object.create(null) as SwitchNode['cases'];
        for (const [key, inner] of Object.entries(node.cases)) cases[key] = child(inner, caseName(key));
        const otherwise = isThere(node.default) ? { default: child(node.default, 'default') } : {};
        return { node_type: 'switch', variable: node.variable, cases, ...otherwise, ...described(description) };
      }
    }
  }

  #agent(node: RawNode & { node_type: 'agent' }, path: string): AgentNode {
    const { agent_key, agent_config: config, description } = node;
    const { agents } = this.#known;
    if (!agents.includes(agent_key)) throw refused(`${path}/agent_key`, `agent "${agent_key}"`, agents.join(', '));
    if (!isThere(config)) return { node_type: 'agent', agent_key, ...described(description) };
    // A copy of its own: what the host changes later is not this run's.
    const copy = attempt(() => JSON.parse(JSON.stringify(config)) as AgentConfig, `${path}/agent_config`);
    return { node_type: 'agent', agent_key, agent_config: copy, ...described(description) };
  }

  #condition(name: string, path: string): string {
    const { conditions } = this.#known;
    if (!conditions.includes(name)) throw refused(`${path}/condition`, `condition "${name}"`, conditions.join(', '));
    return name;
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown, path: string): z.infer<Schema> {
  const read = attempt(() => schema.safeParse(given), path);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = [path, ...(issue?.path ?? []).map(String)].join('/');
  const allowed =
    path === 'flow' ? 'name, description, root' : allowedIn((given as { node_type?: unknown } | null)?.node_type);
  throw refused(place, lowerFirst(issue?.message ?? 'something wrong'), allowed);
}

/** What is handed in may be anything: a getter that throws, a config that contains itself. */
function attempt<T>(act: () => T, path: string): T {
  try {
    return act();
  } catch (error) {
    throw refused(path, `something that cannot be read as JSON (${messageOf(error)})`, 'plain JSON');
  }
}

function refused(path: string, found: string, allowed: string): SageError {
  const message = `customFlow cannot be used: at ${path} there is ${found}. Allowed: ${allowed}.`;
  return new SageError('invalid-argument', message, { option: 'customFlow', given: found, allowed });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function isThere<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

function described(description: string | null | undefined): { description?: string } {
  return isThere(description) ? { description } : {};
}
