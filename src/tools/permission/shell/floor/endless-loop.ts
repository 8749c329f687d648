import type { ArithmeticFor, SyntaxNode, While } from 'unbash';
import type { Pass } from '../read/pass.ts';

export type Loop = While | ArithmeticFor;

/** Loops that start something in the background each time, and neither end nor wait: there are more and more processes. */
export function findEndlessLoop({ loops, forEachChild }: Pick<Pass, 'loops' | 'forEachChild'>): string | undefined {
  return loops.some((loop) => isEndless(loop) && isSpawning(loop.body))
    ? 'starts processes without end in a loop'
    : undefined;

  function isSpawning(body: SyntaxNode): boolean {
    let spawns = false;
    let waits = false;
    const visit = (node: SyntaxNode): void => {
      if (node.type === 'Statement' && node.background === true) {
        spawns = true;
        return;
      }
      if (node.type === 'Command' && !isInstant(node.name?.value)) waits = true;
      forEachChild(node, visit);
    };
    visit(body);
    return spawns && !waits;
  }
}

/** Takes no time, and does not leave the loop. */
function isInstant(name: string | undefined): boolean {
  return name === undefined || /^(:|true|false|echo|printf|let|export|local|declare|set|shift|cd|disown)$/.test(name);
}

function isEndless(loop: Loop): boolean {
  if (loop.type === 'ArithmeticFor') return loop.test === undefined;
  const [only, ...more] = loop.clause.commands;
  const { command } = only ?? {};
  if (command?.type !== 'Command' || more.length > 0) return false;
  const name = command.name?.value ?? '';
  if (loop.kind === 'until') return name === 'false';
  return (
    name === ':' || name === 'true' || (name === '[' && /^\w+ \]$/.test(command.args.map(({ text }) => text).join(' ')))
  );
}
