import type { Command, SyntaxNode } from 'unbash';
import type { Pass } from '../read/pass.ts';

/** Of the tree below a function. */
const mostDepth = 64;
const mostFunctions = 64;

/**
 * Whether a function calls itself, or another that calls it, twice at the same time or in the background: each call makes more
 * of them, without end. A function that calls itself once with other arguments is how one walks a tree.
 */
export function findForkBomb({ functions: all, forEachChild }: Pass): string | undefined {
  const functions = new Map([...all].slice(0, mostFunctions));
  const calls = new Map([...functions].map(([name, { body }]) => [name, callsIn(body)] as const));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(calls.get(from) ?? [])].some((name) => {
      if (name === to) return true;
      return !seen.has(name) && reaches(name, to, seen.add(name));
    });
  for (const [name, { body }] of functions) {
    const isOwn = (callee: string): boolean => callee === name || (functions.has(callee) && reaches(callee, name));
    if (reaches(name, name) && isMultiplying(body, isOwn)) return `starts processes without end with "${name}"`;
  }
  return undefined;

  function callsIn(node: SyntaxNode): Set<string> {
    return new Set(commandsIn(node).map(({ name }) => name?.value ?? ''));
  }

  function commandsIn(node: SyntaxNode, depth = 0): Command[] {
    const found: Command[] = node.type === 'Command' ? [node] : [];
    if (depth < mostDepth) forEachChild(node, (child) => found.push(...commandsIn(child, depth + 1)));
    return found;
  }

  function isMultiplying(node: SyntaxNode, isOwn: (name: string) => boolean, depth = 0): boolean {
    const own = (): Command[] => commandsIn(node).filter(({ name }) => isOwn(name?.value ?? ''));
    if (node.type === 'Pipeline' && own().length > 1) return true;
    if (node.type === 'Statement' && node.background === true && own().some(({ args }) => args.length === 0))
      return true;
    let found = false;
    forEachChild(node, (child) => {
      found ||= depth < mostDepth && isMultiplying(child, isOwn, depth + 1);
    });
    return found;
  }
}
