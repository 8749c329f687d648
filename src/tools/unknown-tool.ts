import { SageError } from '../errors.ts';
import type { ToolSource } from './tool-manager.ts';

/** The tool that offers a model more of the tools there are. */
export const expandToolName = 'tool_expand_tools';

/** Up to so many are all named. */
const mostNamed = 15;
const mostNearest = 5;

/** A name there is no tool for, and those that may have been meant. */
export function unknownTool(name: string, tools: ToolSource): SageError {
  const known = tools.listTools().map((tool) => tool.name);
  const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  return new SageError('tool-error', `Tool "${shown}" is unknown. ${describe(name, known)}`, { tool: name });
}

function describe(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'No tool is offered.';
  if (known.length <= mostNamed) return `Known tools: ${known.join(', ')}.`;
  const near = nearestTo(name, known);
  const names =
    near.length === 0
      ? `There are ${known.length} tools, none of a name like it.`
      : `Known tools like it: ${near.join(', ')}; and ${known.length - near.length} others.`;
  return known.includes(expandToolName) ? `${names} ${expandToolName} finds tools by what they do.` : names;
}

/** Names that share pairs of letters with a name, the likest first. */
function nearestTo(name: string, known: readonly string[]): string[] {
  const pairs = pairsOf(name);
  return known
    .map((one) => ({ one, likeness: likeness(pairs, pairsOf(one)) }))
    .filter((found) => found.likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, mostNearest)
    .map(({ one }) => one);
}

function pairsOf(name: string): Set<string> {
  const letters = name
    .slice(0, 100)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return new Set(Array.from(letters.slice(1), (_, index) => letters.slice(index, index + 2)));
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((pair) => b.has(pair)).length / (a.size + b.size);
}
