import type { AgentFlow, FlowNode, IfNode, LoopNode, ParallelNode, SwitchNode } from './flow.ts';

/** Where an arrow begins, and what is written on it. */
interface Exit {
  readonly from: string;
  readonly label?: string;
}

/** The flow as a Mermaid flowchart: put it between ```` ```mermaid ```` fences. Equal flows give equal text. */
export function toMermaid({ root }: AgentFlow): string {
  const chart = new Chart();
  const start = chart.add('([', 'start', '])');
  const exits = draw(root, [{ from: start }], chart);
  chart.enter(chart.add('([', 'end', '])'), exits);
  return ['flowchart TD', ...chart.lines].join('\n');
}

class Chart {
  readonly lines: string[] = [];
  #count = 0;

  add(open: string, label: string, close: string): string {
    const id = `n${this.#count++}`;
    this.lines.push(`  ${id}${open}"${escapeLabel(label)}"${close}`);
    return id;
  }

  enter(to: string, exits: readonly Exit[]): void {
    for (const { from, label } of exits) {
      this.lines.push(`  ${from} -->${label === undefined ? '' : `|"${escapeLabel(label)}"|`} ${to}`);
    }
  }
}

/** Draws a node behind `entries`, and returns where what follows it begins. */
function draw(node: FlowNode, entries: readonly Exit[], chart: Chart): Exit[] {
  switch (node.node_type) {
    case 'agent': {
      const id = chart.add('[', node.description ?? node.agent_config?.name ?? node.agent_key, ']');
      chart.enter(id, entries);
      return [{ from: id }];
    }
    case 'sequence': {
      let exits = [...entries];
      for (const step of node.steps) exits = draw(step, exits, chart);
      return exits;
    }
    case 'parallel':
      return drawParallel(node, entries, chart);
    case 'loop':
      return drawLoop(node, entries, chart);
    case 'if':
      return drawIf(node, entries, chart);
    case 'switch':
      return drawSwitch(node, entries, chart);
  }
}

function drawParallel({ branches }: ParallelNode, entries: readonly Exit[], chart: Chart): Exit[] {
  const fork = chart.add('((', 'fork', '))');
  chart.enter(fork, entries);
  const ends = branches.flatMap((branch) => draw(branch, [{ from: fork }], chart));
  const join = chart.add('((', 'join', '))');
  chart.enter(join, ends.length === 0 ? [{ from: fork }] : ends);
  return [{ from: join }];
}

function drawLoop({ condition, body, max_loops }: LoopNode, entries: readonly Exit[], chart: Chart): Exit[] {
  const id = chart.add('{', condition, '}');
  chart.enter(id, entries);
  chart.enter(id, draw(body, [{ from: id, label: `again, up to ${max_loops} times` }], chart));
  return [{ from: id, label: 'no' }];
}

function drawIf({ condition, true_body, false_body }: IfNode, entries: readonly Exit[], chart: Chart): Exit[] {
  const id = chart.add('{', condition, '}');
  chart.enter(id, entries);
  const no: Exit[] = [{ from: id, label: 'no' }];
  return [
    ...draw(true_body, [{ from: id, label: 'yes' }], chart),
    ...(false_body === undefined ? no : draw(false_body, no, chart)),
  ];
}

function drawSwitch(
  { variable, cases, default: otherwise }: SwitchNode,
  entries: readonly Exit[],
  chart: Chart,
): Exit[] {
  const id = chart.add('{', variable, '}');
  chart.enter(id, entries);
  const rest: Exit[] = [{ from: id, label: 'otherwise' }];
  return [
    ...Object.entries(cases).flatMap(([key, inner]) => draw(inner, [{ from: id, label: `is ${key}` }], chart)),
    ...(otherwise === undefined ? rest : draw(otherwise, rest, chart)),
  ];
}

/** Inside quotes Mermaid takes all but these as they are. */
function escapeLabel(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:!?()/_-]/gu, (char) => `#${char.codePointAt(0)};`);
}
