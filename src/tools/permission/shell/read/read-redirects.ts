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
      input = opened(one, isExpanded ? expandQuoted(body.parts, around) : [body.text], input);
    } else if (one.type === 'HereString') {
      const texts = textsOf(one.target, around).map((text) => `${text}\n`);
      input = opened(one, texts, input);
    } else {
      const targets = textsOf(one.target, around);
      const isFile = !(one.operator.endsWith('&') && targets.every((target) => /^(\d+-?|-)$/.test(target)));
      if (isFile) redirects.push(...targets.map((target) => ({ operator: one.operator, target })));
      if (isFile && one.operator === '<') input = opened(one, pass.files.get(targets[0] ?? ''), input);
      if (!isFile && one.operator === '<&') input = mixed(input, undefined);
    }
  }
  return { redirects, input };
}

/** What comes in once a text is opened at standard input, or at another descriptor. */
function opened({ descriptor }: Redirection, texts: Input['texts'], input: Input | undefined): Input {
  const isStandard = descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 0);
  return isStandard ? { texts, from: [] } : mixed(input, texts);
}

/** With several descriptors a command may read any of them: which one, only running would tell. */
function mixed(input: Input | undefined, texts: Input['texts']): Input {
  return { texts: [...(input?.texts ?? []), ...(texts ?? []), marks.unknown], from: input?.from ?? [] };
}

function textsOf(word: Word | undefined, around: Surroundings): readonly Field[] {
  return word === undefined ? [marks.unknown] : expandText(word, around);
}
