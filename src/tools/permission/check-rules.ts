import { SageError } from '../../errors.ts';
import { argumentNames } from '../argument-names.ts';
import type { ToolSource } from '../tool-manager.ts';
import type { Tool } from '../tool.ts';
import type { CompiledRule } from './compile-permissions.ts';
import { isUrlName } from './web/urls-of.ts';

/**
 * A rule that can match no call is a mistake in writing it, and what it should have stopped would pass. Of a rule about tools that
 * are not known yet nothing can be told.
 *
 * @throws {SageError} `invalid-argument` for a rule that names no tool, or an argument that none of its tools has.
 */
export function checkRules(rules: readonly CompiledRule[], tools: ToolSource): void {
  const all = tools.listTools();
  const pending = tools.pendingPrefixes?.() ?? [];
  for (const rule of rules) {
    // Its tools may come, and then it holds for them: a server that is down must not stop what has nothing to do with it.
    if (pending.some((prefix) => mayName(rule, prefix))) continue;
    const named = all.filter(({ name }) => rule.tool.test(name));
    if (named.length === 0) throw mistake(`${rule.place}.tool`, 'names no tool', `Known tools: ${namesOf(all)}`, rule);
    const known = named.flatMap(({ inputSchema }) => argumentNames(inputSchema.jsonSchema));
    const unknown = rule.args.find(({ name }) => !known.includes(name));
    if (unknown !== undefined) {
      const allowed = `Arguments of ${namesOf(named)}: ${[...new Set(known)].join(', ') || 'none'}`;
      throw mistake(
        `${rule.place}.args.${unknown.name}`,
        'names an argument that none of its tools has',
        allowed,
        rule,
      );
    }
    if (rule.domain !== undefined && !known.some(isUrlName)) {
      throw mistake(`${rule.place}.domain`, 'is about tools without a URL', `Its tools: ${namesOf(named)}`, rule);
    }
    if (rule.classes !== undefined && !named.some(({ shell }) => shell !== undefined)) {
      throw mistake(
        `${rule.place}.commandClass`,
        'is about tools that run no command',
        `Its tools: ${namesOf(named)}`,
        rule,
      );
    }
  }
}

/** Whether a rule is about tools of MCP servers, and may name one that begins so. */
function mayName({ toolPrefix }: CompiledRule, prefix: string): boolean {
  return toolPrefix.startsWith('mcp_') && (toolPrefix.startsWith(prefix) || prefix.startsWith(toolPrefix));
}

function namesOf(tools: readonly Tool[]): string {
  return tools.map(({ name }) => name).join(', ') || 'none';
}

function mistake(place: string, what: string, allowed: string, { source }: CompiledRule): SageError {
  const option = `permissions.${place}`;
  return new SageError('invalid-argument', `${option} ${what}: ${source}. ${allowed}.`, {
    option,
    given: source,
    allowed,
  });
}
