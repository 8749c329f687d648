import { messageOf } from '../../errors.ts';
import {
  permissionActions,
  permissionModes,
  type PermissionAction,
  type PermissionMode,
  type PermissionOptions,
  type RuledClass,
} from './permission.ts';
import { mustBeList, mustBeOneOf, mustBeRecord, refused } from './refuse.ts';
import { readHost, readHosts, type HostList } from './web/host-list.ts';
import type { WebLists } from './web/web-question.ts';

/** A rule or a deny, ready to be matched. */
export interface CompiledRule {
  /** Where it stands: `rules[2]`. */
  readonly place: string;
  readonly action: PermissionAction;
  /** As it was written, to show it. */
  readonly source: string;
  readonly tool: RegExp;
  /** What the names it fits begin with. */
  readonly toolPrefix: string;
  readonly args: readonly { readonly name: string; readonly pattern: RegExp }[];
  readonly domain: HostList | undefined;
  readonly classes: readonly RuledClass[] | undefined;
}

export interface CompiledPermissions {
  readonly mode: PermissionMode;
  readonly rules: readonly CompiledRule[];
  readonly denies: readonly CompiledRule[];
  readonly web: WebLists;
}

const matchKeys = ['tool', 'args', 'domain', 'commandClass'];
const ruledClasses: readonly RuledClass[] = ['harmless', 'ordinary', 'dangerous'];

/** @throws {SageError} `invalid-argument` naming the place of what is unknown, or no pattern. */
export function compilePermissions(options: PermissionOptions): CompiledPermissions {
  const { mode, rules, denies, web } = mustBeRecord('', options, ['mode', 'rules', 'denies', 'web']);
  const { allow, block } = mustBeRecord('web', web ?? {}, ['allow', 'block']);
  return {
    mode: mode === undefined ? 'workspace-write' : mustBeOneOf('mode', mode, permissionModes),
    rules: mustBeList('rules', rules).map((rule, i) => compileRule(`rules[${i}]`, rule)),
    denies: mustBeList('denies', denies).map((deny, i) => compileMatch(`denies[${i}]`, deny, matchKeys, 'deny')),
    web: {
      allow: readHosts('web.allow', mustBeList('web.allow', allow)),
      block: readHosts('web.block', mustBeList('web.block', block)),
    },
  };
}

function compileRule(place: string, given: unknown): CompiledRule {
  const { action } = mustBeRecord(place, given, [...matchKeys, 'action']);
  return compileMatch(
    place,
    given,
    [...matchKeys, 'action'],
    mustBeOneOf(`${place}.action`, action, permissionActions),
  );
}

function compileMatch(place: string, given: unknown, known: readonly string[], action: PermissionAction): CompiledRule {
  const { tool, args, domain, commandClass } = mustBeRecord(place, given, known);
  const domains = typeof domain === 'string' ? [readHost(`${place}.domain`, domain)] : undefined;
  return {
    place,
    action,
    source: JSON.stringify(given),
    ...compileTool(`${place}.tool`, tool),
    args: compileArgs(`${place}.args`, args),
    domain:
      domain === undefined
        ? undefined
        : domains === undefined
          ? readHosts(`${place}.domain`, mustNotBeEmpty(`${place}.domain`, domain))
          : { entries: domains.map((one) => ({ place: `${place}.domain`, ...one })) },
    classes: commandClass === undefined ? undefined : compileClasses(`${place}.commandClass`, commandClass),
  };
}

function compileTool(place: string, given: unknown): Pick<CompiledRule, 'tool' | 'toolPrefix'> {
  if (typeof given !== 'string' || !/^[\w*?-]+$/.test(given)) {
    throw refused(place, given, 'a tool name of letters, digits, "_" and "-", with * and ?');
  }
  const tool = new RegExp(`^${given.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`);
  return { tool, toolPrefix: given.replace(/[*?].*$/, '') };
}

function compileArgs(place: string, given: unknown): CompiledRule['args'] {
  if (given === undefined) return [];
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0) {
    throw refused(place, given, 'regular expressions by the names of arguments');
  }
  return Object.entries(given).map(([name, pattern]) => ({
    name,
    pattern: compilePattern(`${place}.${name}`, pattern),
  }));
}

function compilePattern(place: string, given: unknown): RegExp {
  const allowed = 'a regular expression as text, which is not empty';
  if (typeof given !== 'string' || given === '') throw refused(place, given, allowed);
  try {
    return new RegExp(given, 's');
  } catch (cause) {
    throw refused(place, given, `${allowed} (${messageOf(cause)})`);
  }
}

function compileClasses(place: string, given: unknown): readonly RuledClass[] {
  if (!Array.isArray(given)) return [mustBeOneOf(place, given, ruledClasses)];
  return mustNotBeEmpty(place, given).map((one, i) => mustBeOneOf(`${place}[${i}]`, one, ruledClasses));
}

function mustNotBeEmpty(place: string, given: unknown): readonly unknown[] {
  const list = mustBeList(place, given);
  if (list.length === 0) throw refused(place, given, 'a list that is not empty');
  return list;
}
