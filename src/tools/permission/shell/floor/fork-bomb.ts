import type { Command, Function as FunctionNode, SyntaxNode } from 'unbash';
import type { Pass } from '../read/pass.ts';

/**
 * Whether a function calls itself, or another that calls it, twice at the same time or in the background: each call makes more
 * of them, without end. A function that calls itself once with other arguments is how one walks a tree.
 */
export function findForkBomb({ functions, forEachChild }: Pass): string | undefined {
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

  function commandsIn(node: SyntaxNode): Command[] {
    const found: Command[] = node.type === 'Command' ? [node] : [];
    forEachChild(node, (child) => found.push(...commandsIn(child)));
    return found;
  }

  function isMultiplying(node: FunctionNode['body'] | SyntaxNode, isOwn: (name: string) => boolean): boolean {
    const own = (): Command[] => commandsIn(node).filter(({ name }) => isOwn(name?.value ?? ''));
    if (node.type === 'Pipeline' && own().length > 1) return true;
    if (node.type === 'Statement' && node.background === true && own().some(({ args }) => args.length === 0))
      return true;
    let found = false;
    forEachChild(node, (child) => {
      found ||= isMultiplying(child, isOwn);
    });
    return found;
  }
}
