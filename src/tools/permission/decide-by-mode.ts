import type { PermissionMode, Verdict } from './permission.ts';
import { writesOnlyPlans } from './plan-files.ts';
import type { RuledCall } from './ruled-call.ts';
import type { WebAnswer } from './web/web-question.ts';

/** What is decided where no deny and no rule has: by the mode, by the lists of hosts, and then by the tool itself. */
export function decideByMode(call: RuledCall, web: WebAnswer): Verdict {
  return ofMode(call) ?? ofWeb(call.mode, web) ?? ofTool(call);
}

function ofMode(call: RuledCall): Verdict | undefined {
  switch (call.mode) {
    case 'read-only':
    case 'plan':
      return mayOnlyRead(call) ? undefined : { action: 'deny', by: 'mode', reason: readingOnly(call) };
    case 'workspace-write': {
      const reason = `${about(call)}; nothing confines it, so mode ${call.mode} asks first.`;
      return isOpenCommand(call) ? { action: 'ask', by: 'mode', reason } : undefined;
    }
    case 'full-access':
      return undefined;
    default:
      return call.mode satisfies never;
  }
}

function mayOnlyRead(call: RuledCall): boolean {
  if (call.tool.shell !== undefined) return call.report?.class === 'harmless';
  return call.tool.effect === 'none' || (call.mode === 'plan' && writesOnlyPlans(call));
}

/** A command that nothing confines, and that is not known to be harmless. */
function isOpenCommand({ tool, isConfined, report }: RuledCall): boolean {
  return tool.shell !== undefined && !isConfined && report?.class !== 'harmless';
}

function readingOnly(call: RuledCall): string {
  const also = call.mode === 'plan' ? ', and writes files under plans/' : '';
  const rest = `mode ${call.mode} runs only tools without effects and commands that are known only to read${also}.`;
  return call.tool.shell !== undefined
    ? `${about(call)}, and ${rest}`
    : `Tool "${call.tool.name}" may have effects, and ${rest}`;
}

function about({ report }: Pick<RuledCall, 'report'>): string {
  return report === undefined ? 'The command cannot be read' : `The command ${report.because}`;
}

function ofWeb(mode: PermissionMode, web: WebAnswer): Verdict | undefined {
  const refuses = mode === 'read-only' || mode === 'plan';
  switch (web.type) {
    case 'allowed':
      return { action: 'allow', by: 'web', rule: web.place, reason: `"${web.host}" is on the list of allowed hosts.` };
    case 'unlisted': {
      if (mode === 'full-access') return undefined;
      const reason = `"${web.host}" is not on the list of allowed hosts.`;
      return { action: refuses ? 'deny' : 'ask', by: 'web', reason };
    }
    case 'unreadable': {
      const reason = `In "${web.url}" no host can be read to look for in the lists of hosts.`;
      return { action: refuses ? 'deny' : 'ask', by: 'web', reason };
    }
    case 'blocked':
    case 'none':
      return undefined;
    default:
      return web satisfies never;
  }
}

function ofTool({ tool, mode }: RuledCall): Verdict {
  return tool.approval === 'ask'
    ? { action: 'ask', by: 'tool', reason: `Tool "${tool.name}" asks before it is run.` }
    : { action: 'allow', by: 'mode', reason: `Mode ${mode} allows this call of tool "${tool.name}".` };
}
