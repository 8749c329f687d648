/** A piece of what was said or written before. */
export interface Note {
  /** Where it comes from, for whoever is shown it. */
  readonly source: string;
  /** What it stands under; `''` where that is nothing. */
  readonly heading: string;
  readonly text: string;
}

export function showNote({ heading, text }: Note): string {
  return heading === '' ? text : `${heading}: ${text}`;
}
