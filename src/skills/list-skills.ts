import type { Skill } from './skill.ts';

/** Characters of all descriptions together: some four thousand tokens. */
const descriptionBudget = 16_000;

/** What the system message tells of the skills. */
export function listSkills(skills: readonly Skill[]): string {
  const descriptions = fitInto(
    descriptionBudget,
    skills.map(({ description }) => description.replaceAll(/\s+/g, ' ')),
  );
  const lines = skills.map(({ name }, place) => {
    const description = descriptions[place] ?? '';
    return description === '' ? `- ${name}` : `- ${name}: ${description}`;
  });
  const use = `There are skills: instructions for certain kinds of tasks, often with files that help. Before you begin a task that one of them
fits, load it with load_skill, and do as it says.`;
  return [use, ...lines].join('\n');
}

/** The texts, the longest of them cut to one length at which all fit: what is short stays whole. */
function fitInto(budget: number, texts: readonly string[]): readonly string[] {
  let left = budget;
  let room = Infinity;
  const lengths = texts.map((text) => text.length).toSorted((a, b) => a - b);
  for (const [place, length] of lengths.entries()) {
    const share = Math.floor(left / (lengths.length - place));
    if (length > share) {
      room = share;
      break;
    }
    left -= length;
  }
  return texts.map((text) => (text.length <= room ? text : cut(text, room)));
}

/** At the end of a word. Where too little would be left to choose by, nothing is. */
function cut(text: string, length: number): string {
  if (length < 20) return '';
  const start = text.slice(0, length - 2);
  const end = start.lastIndexOf(' ');
  return `${(end > length / 2 ? start.slice(0, end) : start).toWellFormed()} …`;
}
