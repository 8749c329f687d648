import path from 'node:path';
import type { SubAgent } from '../../agents/fibre/sub-agent.ts';
import type { SessionState } from '../../session/session-state.ts';
import { ToolProxy } from '../../tools/tool-proxy.ts';
import type { CheckedOptions } from '../options/check-options.ts';
import { overrideModel } from '../options/override-model.ts';
import { skillsOfChild } from '../read-skills.ts';

/** What a child runs with: its agent's own settings, over those of the whole run, and never more tools and skills than its parent has. */
export function childOptions(
  agent: SubAgent,
  { run, parent }: { readonly run: CheckedOptions; readonly parent: CheckedOptions },
): CheckedOptions {
  const { toolManager, customFlow: _flow, ...inherited } = parent;
  const { model_config = {} } = run.subAgents.find(({ agent_id }) => agent_id === agent.agent_id) ?? {};
  const allow = agent.available_tools?.filter((name) => toolManager?.getTool(name) !== undefined);
  const tools = toolManager === undefined || allow === undefined ? toolManager : new ToolProxy(toolManager, { allow });
  return {
    ...inherited,
    agentMode: agent.agent_mode,
    systemPrefix: agent.system_prompt ?? run.systemPrefix,
    modelConfig: overrideModel(run.modelConfig, model_config),
    ...(tools === undefined ? {} : { toolManager: tools }),
    skills: skillsOfChild(parent.skills, agent.available_skills),
    input: [],
    plan: false,
    moreSuggest: false,
    forceSummary: false,
  };
}

/** Where a session works in the workspace: three levels below its parent's folder, so that `../../..` is that. Of the root: `''`. */
export function folderOf({ parent, joined, sessionId }: SessionState): string {
  if (parent === undefined || joined === undefined) return '';
  return path.posix.join(folderOf(parent), folderBelow(joined.agent_id, sessionId));
}

/** The same, from the parent's folder. */
export function folderBelow(agentId: string, sessionId: string): string {
  const name = agentId
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 60);
  return path.posix.join('sub_agents', name, sessionId);
}
