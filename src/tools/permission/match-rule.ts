import type { CompiledRule } from './compile-permissions.ts';
import { isPathArgument, toWorkspacePaths } from './path-arguments.ts';
import type { RuledCall } from './ruled-call.ts';
import { placeOf } from './web/host-list.ts';
import { hostOf } from './web/host-of.ts';
import { urlsOf } from './web/urls-of.ts';

/** What an `allow` lets through must fit it as a whole; to be asked about or refused, a part is enough. */
type Reach = 'every' | 'some';

/** Whether all that a rule says holds for a call. */
export function matchesRule(rule: CompiledRule, call: RuledCall): boolean {
  const reach = rule.action === 'allow' ? 'every' : 'some';
  return (
    rule.tool.test(call.tool.name) &&
    (rule.classes === undefined || rule.classes.some((one) => one === call.report?.class)) &&
    (rule.domain === undefined || matchesDomain(rule.domain, call, reach)) &&
    rule.args.every(({ name, pattern }) => holds(valuesOf(name, call, reach), reach, (value) => pattern.test(value)))
  );
}

function matchesDomain(domain: NonNullable<CompiledRule['domain']>, { args }: RuledCall, reach: Reach): boolean {
  return holds(urlsOf(args), reach, (url) => {
    const host = hostOf(url);
    // Whoever is given it may read it otherwise.
    return host === undefined ? reach === 'some' : placeOf(host, domain) !== undefined;
  });
}

function holds(values: readonly string[], reach: Reach, test: (value: string) => boolean): boolean {
  return values.length > 0 && (reach === 'every' ? values.every(test) : values.some(test));
}

/**
 * The texts of an argument. A command line is its commands, so that what fits one lets no other pass along with it; a path of a
 * file is what it means in the workspace, however it is written.
 */
function valuesOf(name: string, call: RuledCall, reach: Reach): readonly string[] {
  const { args, report, tool } = call;
  const value = args[name];
  if (value === undefined) return [];
  if (typeof value === 'string' && isPathArgument(tool, name)) {
    const paths = toWorkspacePaths(value, call);
    return reach === 'some' ? [value, ...paths] : paths;
  }
  const given = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(toText);
  if (name !== tool.shell?.command || report === undefined) return given;
  if (reach === 'some') return [...given, ...report.written, ...report.spellings()];
  return report.isWhole ? report.written : [];
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
