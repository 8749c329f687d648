import type { Command, SyntaxNode } from 'unbash';
import type { Pass } from '../read/pass.ts';

const mostFunctions = 500;
/** Of text that is evaluated by text that is evaluated: as deep as a line is read. */
const mostEvals = 24;

/** A call as it is written: its name and its arguments, without quotes. */
type Words = readonly string[];

/**
 * Whether a function calls itself, or another that calls it, twice at the same time or in the background: each call makes more
 * of them, without end. A function that calls itself once with other arguments is how one walks a tree.
 */
export function findForkBomb({
  functions,
  ...tree
}: Pick<Pass, 'functions' | 'parse' | 'forEachChild'>): string | undefined {
  if (functions.size > mostFunctions) return 'has more functions than can be read';
  const partsOf = createPartsOf(tree);
  const bodies = [...functions].map(([name, bySource]) => ({
    name,
    parts: [...bySource.values()].map(({ body }) => body),
  }));
  const callsIn = (node: SyntaxNode): readonly Words[] => [
    ...(node.type === 'Command' ? [wordsOf(node)] : []),
    ...partsOf(node).flatMap(callsIn),
  ];
  const calls = new Map(
    bodies.map(({ name, parts }) => [name, new Set(parts.flatMap(callsIn).map(([callee = '']) => callee))] as const),
  );
  for (const { name, parts } of bodies) {
    const callers = reaching(name, calls);
    if (callers.has(name) && parts.some((part) => isMultiplying(part, callers)))
      return `starts processes without end with "${name}"`;
  }
  return undefined;

  function isMultiplying(node: SyntaxNode, own: ReadonlySet<string>): boolean {
    const ownCalls = (): readonly Words[] => callsIn(node).filter(([name = '']) => own.has(name));
    if (node.type === 'Pipeline' && ownCalls().length > 1) return true;
    if (node.type === 'Statement' && node.background === true && ownCalls().some(isSameEachTime)) return true;
    return partsOf(node).some((part) => isMultiplying(part, own));
  }
}

/** The functions that call this one, or call one that does. */
function reaching(name: string, calls: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  add(name);
  return found;

  function add(goal: string): void {
    for (const [caller, callees] of calls) {
      if (!callees.has(goal) || found.has(caller)) continue;
      found.add(caller);
      add(caller);
    }
  }
}

/** Whether none of its arguments can differ from one call to the next. */
function isSameEachTime([, ...args]: Words): boolean {
  return args.every((arg) => /^(\$[@*\d]|\$\{[@*\d]\}|[^$`*?[]*)$/.test(arg));
}

/** What is in a part of the tree, and in the text that is evaluated there. */
function createPartsOf({
  parse,
  forEachChild,
}: Pick<Pass, 'parse' | 'forEachChild'>): (node: SyntaxNode) => readonly SyntaxNode[] {
  const evaluated = new Map<SyntaxNode, readonly SyntaxNode[]>();
  const depths = new Map<SyntaxNode, number>();
  return (node) => {
    const parts: SyntaxNode[] = [];
    forEachChild(node, (part) => parts.push(part));
    const depth = depths.get(node) ?? 0;
    for (const part of parts) if (depth > 0) depths.set(part, depth);
    if (node.type === 'Command' && node.name?.value === 'eval' && depth < mostEvals) {
      if (!evaluated.has(node)) evaluated.set(node, parse(wordsOf(node).slice(1).join(' ')).commands);
      for (const part of evaluated.get(node) ?? []) {
        depths.set(part, depth + 1);
        parts.push(part);
      }
    }
    return parts;
  };
}

function wordsOf({ name, args }: Command): Words {
  return [name?.value ?? '', ...args.map((arg) => (arg.type === 'Word' ? arg.value : arg.text))];
}
