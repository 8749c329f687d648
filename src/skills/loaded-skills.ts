import type { ToolState } from '../tools/tool.ts';

/** The folder of each skill that a session has loaded, by its name. */
export type LoadedSkills = Readonly<Record<string, string>>;

/** Under which a session keeps it. */
export const loadedSkillsKey = 'loaded_skills';

export function loadedSkills(state: Pick<ToolState, 'get'>): LoadedSkills {
  // Only the value of `withLoaded` is kept there.
  return (state.get(loadedSkillsKey) as LoadedSkills | undefined) ?? {};
}

/** What is to be kept when one more is loaded. */
export function withLoaded(loaded: LoadedSkills, name: string, folder: string): LoadedSkills {
  return { ...loaded, [name]: folder };
}
