import type { ToolSource } from '../tool-manager.ts';
import { checkRules } from './check-rules.ts';
import { compilePermissions, type CompiledPermissions, type CompiledRule } from './compile-permissions.ts';
import { decideByMode } from './decide-by-mode.ts';
import { matchesRule } from './match-rule.ts';
import type { PermissionCall, PermissionMode, PermissionOptions, Verdict } from './permission.ts';
import { toRuledCall, type RuledCall } from './ruled-call.ts';
import { urlsOf } from './web/urls-of.ts';
import { askLists } from './web/web-question.ts';

/**
 * Decides about every call of a tool, in this order: the floor, denies and blocked hosts, rules, the mode, the tool's own
 * `approval`. It does not change, keeps nothing, and may serve any number of runs.
 */
export class PermissionEngine {
  readonly #permissions: CompiledPermissions;

  /** @throws {SageError} `invalid-argument` naming the place of what is unknown or no pattern: `permissions.rules[2].args.command`. */
  constructor(options: PermissionOptions = {}) {
    this.#permissions = compilePermissions(options);
  }

  /** The mode of sessions that have none of their own. */
  get mode(): PermissionMode {
    return this.#permissions.mode;
  }

  /**
   * For the tools that a run begins with.
   *
   * @throws {SageError} `invalid-argument` for a rule that names no tool, or an argument that none of its tools has.
   */
  check(tools: ToolSource): void {
    const { denies, rules } = this.#permissions;
    checkRules([...denies, ...rules], tools);
  }

  /** Runs nothing and looks at no file: the same call is always decided in the same way. */
  async decide(call: PermissionCall): Promise<Verdict> {
    return this.#decide(await toRuledCall(call, this.mode));
  }

  /** The decision as text, with what decided, for whoever writes rules. */
  async explain(call: PermissionCall): Promise<string> {
    const ruled = await toRuledCall(call, this.mode);
    const { action, by, rule, reason } = this.#decide(ruled);
    const { denies, rules } = this.#permissions;
    const source = [...denies, ...rules].find(({ place }) => place === rule)?.source;
    const where = rule === undefined ? '' : ` (permissions.${rule}${source === undefined ? '' : `: ${source}`})`;
    const command =
      ruled.report === undefined ? [] : [`The command is ${ruled.report.class}: it ${ruled.report.because}.`];
    return [
      `${ruled.tool.name}: ${action}, decided by ${deciders[by]}${where}.`,
      reason,
      ...command,
      `Mode: ${ruled.mode}.`,
    ].join('\n');
  }

  #decide(call: RuledCall): Verdict {
    const { denies, rules, web } = this.#permissions;
    if (call.report?.class === 'forbidden') {
      const reason = `The command ${call.report.because}, and nothing allows that.`;
      return { action: 'deny', by: 'floor', reason };
    }
    const deny = denies.find((one) => matchesRule(one, call));
    if (deny !== undefined) return ofRule(deny, 'deny', call);
    const answer = askLists(urlsOf(call.args), web);
    if (answer.type === 'blocked') {
      return {
        action: 'deny',
        by: 'web',
        rule: answer.place,
        reason: `"${answer.host}" is on the list of blocked hosts.`,
      };
    }
    const rule = rules.find((one) => matchesRule(one, call));
    return rule === undefined ? decideByMode(call, answer) : ofRule(rule, 'rule', call);
  }
}

const deciders: Readonly<Record<Verdict['by'], string>> = {
  floor: 'the floor that nothing overrides',
  deny: 'a deny',
  rule: 'a rule',
  web: 'the lists of hosts',
  mode: 'the mode',
  tool: "the tool's own approval",
};

/** An engine as it is, and permissions as one. */
export function toPermissionEngine(permissions: PermissionEngine | PermissionOptions = {}): PermissionEngine {
  return permissions instanceof PermissionEngine ? permissions : new PermissionEngine(permissions);
}

function ofRule({ place, action }: CompiledRule, by: 'deny' | 'rule', { tool }: RuledCall): Verdict {
  const verb = { allow: 'allows', ask: 'asks before', deny: 'refuses' }[action];
  return { action, by, rule: place, reason: `permissions.${place} ${verb} this call of tool "${tool.name}".` };
}
