import { isSageError, messageOf } from '../errors.ts';
import type { Message } from '../messages/message.ts';
import type { CallKey, Entry } from '../session/entry.ts';
import { findSkill } from '../skills/find-skill.ts';
import { loadSkill, loadSkillTool, tellUnknown } from '../skills/load-skill.ts';
import { loadedSkills, loadedSkillsKey, withLoaded, type LoadedSkills } from '../skills/loaded-skills.ts';
import type { Skill } from '../skills/skill.ts';
import { untilAborted } from '../streams/abort.ts';
import type { CallOutcome } from '../tools/prepare-call.ts';
import type { AgentContext } from './agent.ts';
import type { HookPlace } from './hook-runner.ts';
import { afterTool, beforeTool } from './hook-tools.ts';
import { namedSkills, notAnswered, tagsAnswered } from './skill-tags.ts';

export type LoadingContext = HookPlace & Pick<AgentContext, 'hooks' | 'permit' | 'skills' | 'openSandbox' | 'enter'>;

/** What became of a name. */
interface NameTold {
  readonly text: string;
  /** Of a skill that was loaded. */
  readonly loaded?: { readonly name: string; readonly folder: string };
}

/**
 * Loads what users have named in `<skill>` tags, and tells the model. A tag is a call of `load_skill` that the user makes: the
 * same decides about it, and the same hooks see it.
 */
export async function loadNamedSkills(context: LoadingContext, naming: readonly Message[]): Promise<undefined> {
  const { session, signal } = context;
  const said = notAnswered(naming, session);
  if (said.length === 0) return;
  signal.throwIfAborted();
  context.enter('tools');
  const told: NameTold[] = [];
  for (const [name, call] of namedSkills(said)) told.push(await loadAsCalled(context, name, call));
  const texts = told.map(({ text }) => text);
  session.append([tagsAnswered(texts, said, session.createId), keptOf(told, loadedSkills(session.toolState))]);
}

function keptOf(told: readonly NameTold[], before: LoadedSkills): Entry {
  const skills = told.flatMap(({ loaded }) => loaded ?? []);
  const value = skills.reduce((all, { name, folder }) => withLoaded(all, name, folder), before);
  return { type: 'state', key: loadedSkillsKey, value };
}

async function loadAsCalled(context: LoadingContext, named: string, call: CallKey): Promise<NameTold> {
  const { session, skills, permit, signal } = context;
  const skill = findSkill(skills, named);
  if (skill === undefined) return { text: tellUnknown(named, skills) };
  const tool = loadSkillTool(skills);
  const args = { skill_name: skill.name };
  const hooked = { tool: tool.name, effect: tool.effect, args, callKey: call.join('-') };
  const decision = await permit.decide(session, { call, tool, input: args, args }, (ruled) =>
    beforeTool(context, hooked, ruled),
  );
  signal.throwIfAborted();
  if (decision.type === 'deny') return notLoaded(skill, decision.reason);
  if (decision.type === 'ask')
    return notLoaded(skill, `${decision.reason} Nobody is asked about a tag: call ${tool.name}.`);
  const { folder, ...outcome } = await load(context, skill);
  const { content } = await afterTool(context, hooked, outcome);
  signal.throwIfAborted();
  return { text: content, ...(folder === undefined ? {} : { loaded: { name: skill.name, folder } }) };
}

async function load(
  { openSandbox, signal }: LoadingContext,
  skill: Skill,
): Promise<CallOutcome & { readonly folder?: string }> {
  const sandbox = await untilAborted(openSandbox(), signal);
  try {
    const { text, folder } = await untilAborted(loadSkill(skill, sandbox, signal), signal);
    return { status: 'success', content: text, folder };
  } catch (error) {
    if (signal.aborted || !isSageError(error)) throw error;
    return { status: 'error', content: messageOf(error) };
  }
}

function notLoaded({ name }: Skill, reason: string): NameTold {
  return { text: `Skill "${name}" was not loaded. ${reason}` };
}
