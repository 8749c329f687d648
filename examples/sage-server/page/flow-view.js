import { byId, element } from './elements.js';

/**
 * Draws a flow, and where the run is in it.
 *
 * @param {any} flow its JSON
 * @param {any} trace the run's, if there is one
 * @param {boolean} isRunning
 */
export function showFlow(flow, trace, isRunning) {
  byId('flow-name').textContent = flow?.description ?? flow?.name ?? '';
  byId('flow-view').replaceChildren(
    ...(flow ? [drawNode(flow.root, 'root', { steps: stepsByPlace(trace), isRunning })] : []),
  );
}

/** The newest visit of each node; loop turns are counted. @param {any} trace */
function stepsByPlace(trace) {
  const steps = new Map();
  for (const step of trace?.steps ?? []) {
    const place = step.path.replaceAll(/\/body\/\d+/g, '/body');
    steps.set(place, { ...step, visits: (steps.get(place)?.visits ?? 0) + 1 });
  }
  return steps;
}

/** @param {any} node @param {string} place @param {{ steps: Map<string, any>, isRunning: boolean }} run @returns {HTMLElement} */
function drawNode(node, place, run) {
  const step = run.steps.get(place);
  const state = stateOf(step, run.isRunning);
  const box = element('div', { 'class': `node ${node.node_type} ${state}`, 'data-path': place, 'data-state': state });
  const head = element(
    'div',
    { class: 'head' },
    element('span', { class: 'dot' }),
    element('span', { text: titleOf(node) }),
  );
  if (step?.visits > 1) head.append(element('span', { class: 'visits', text: `×${step.visits}` }));
  box.append(head);
  const children = childrenOf(node);
  if (children.length > 0) {
    const inner = element('div', { class: 'children' });
    for (const [name, child, label] of children) {
      const drawn = drawNode(child, `${place}/${name}`, run);
      if (step?.decision && step.decision !== name) drawn.classList.add('not-taken');
      inner.append(label ? element('div', {}, element('span', { class: 'label', text: label }), drawn) : drawn);
    }
    box.append(inner);
  }
  return box;
}

/** @param {any} step @param {boolean} isRunning */
function stateOf(step, isRunning) {
  if (!step) return 'waiting';
  if (step.outcome) return 'done';
  return isRunning ? 'running' : 'stopped';
}

/** @param {any} node */
function titleOf(node) {
  const { node_type, description } = node;
  if (description) return description;
  const titles = {
    agent: node.agent_config?.name ?? node.agent_key,
    sequence: 'One after the other',
    parallel: 'Side by side',
    loop: `While ${node.condition}`,
    if: `If ${node.condition}`,
    switch: `By ${node.variable}`,
  };
  return titles[node_type];
}

/** @param {any} node @returns {[name: string, node: any, label?: string][]} */
function childrenOf(node) {
  const named = (nodes, name) => nodes.map((one, index) => [`${name}/${index}`, one]);
  return [
    ...named(node.steps ?? [], 'steps'),
    ...named(node.branches ?? [], 'branches'),
    ...(node.body ? [['body', node.body]] : []),
    ...(node.true_body ? [['true_body', node.true_body, 'yes']] : []),
    ...(node.false_body ? [['false_body', node.false_body, 'no']] : []),
    ...Object.entries(node.cases ?? {}).map(([key, one]) => [
      `cases/${key.replaceAll(/[%/]/g, encodeURIComponent)}`,
      one,
      key,
    ]),
    ...(node.default ? [['default', node.default, 'otherwise']] : []),
  ];
}
