import type { Redirection, Word } from 'unbash';
import type { FileRedirect, Input } from '../command.ts';
import { marks, type Field } from '../field.ts';
import { expandQuoted, expandText, type Surroundings } from './expand-word.ts';
import type { Pass, Scope } from './pass.ts';

/** The files that are opened, and what comes in at standard input. Copies of descriptors are no files. */
export function readRedirects(
  redirections: readonly Redirection[],
  around: Surroundings,
  scope: Scope,
  pass: Pass,
): { readonly redirects: readonly FileRedirect[]; readonly input: Input | undefined } {
  const redirects: FileRedirect[] = [];
  let { input } = scope;
  for (const one of redirections) {
    if (one.type === 'HereDoc') {
      const { body, delimiter } = one;
      const isExpanded = delimiter?.quoted !== true && body.parts !== undefined;
      input = { texts: isExpanded ? expandQuoted(body.parts, around) : [body.text], from: [] };
    } else if (one.type === 'HereString') {
      input = { texts: textsOf(one.target, around).map((text) => `${text}\n`), from: [] };
    } else {
      const targets = textsOf(one.target, around);
      const isFile = !(one.operator.endsWith('&') && targets.every((target) => /^(\d+-?|-)$/.test(target)));
      if (isFile) redirects.push(...targets.map((target) => ({ operator: one.operator, target })));
      if (isFile && one.operator === '<') input = { texts: pass.files.get(targets[0] ?? ''), from: [] };
    }
  }
  return { redirects, input };
}

function textsOf(word: Word | undefined, around: Surroundings): readonly Field[] {
  return word === undefined ? [marks.unknown] : expandText(word, around);
}
