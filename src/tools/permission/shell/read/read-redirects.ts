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
  const files = pass.files.from(scope.shell.folder);
  let { input } = scope;
  for (const one of redirections) {
    if (one.type === 'HereDoc') {
      const { body, delimiter } = one;
      const isExpanded = delimiter?.quoted !== true && body.parts !== undefined;
      take(one, isExpanded ? expandQuoted(body.parts, around) : [body.text]);
    } else if (one.type === 'HereString') {
      const texts = textsOf(one.target, around).map((text) => `${text}\n`);
      take(one, texts);
    } else {
      const targets = textsOf(one.target, around);
      const isCopy = one.operator.endsWith('&') && targets.every((target) => /^(\d+-?|-)$/.test(target));
      if (!isCopy) redirects.push(...targets.map((target) => ({ operator: one.operator, target })));
      if (isCopy && one.operator === '<&') input = mixed(input, readFrom(targets.map(toDescriptor)));
      else if (one.operator.startsWith('<')) take(one, readFrom(targets));
    }
  }
  return { redirects, input };

  /** Each text that may be in one of these files; `undefined` if the line has not written one of them. */
  function readFrom(paths: readonly Field[]): readonly string[] | undefined {
    const texts = paths.map((path) => files.textsOf(path));
    return texts.includes(undefined) ? undefined : texts.flatMap((all) => all ?? []);
  }

  /** A text is opened at standard input, or at another descriptor. */
  function take({ descriptor }: Redirection, texts: Input['texts']): void {
    const number = descriptor?.type === 'FileDescriptor' ? descriptor.value : undefined;
    if (descriptor === undefined || number === 0) input = { texts, from: [] };
    else input = mixed(input, texts);
    if (number !== undefined && texts !== undefined)
      pass.files.put(toDescriptor(String(number)), '/', texts, 'replace');
  }
}

/** Where what comes in at a descriptor is found as a file. */
function toDescriptor(number: string): Field {
  return `/dev/fd/${number.replace(/-$/, '')}`;
}

/** With several descriptors a command may read any of them: which one, only running would tell. */
function mixed(input: Input | undefined, texts: Input['texts']): Input {
  return { texts: [...(input?.texts ?? []), ...(texts ?? []), marks.unknown], from: input?.from ?? [] };
}

function textsOf(word: Word | undefined, around: Surroundings): readonly Field[] {
  return word === undefined ? [marks.unknown] : expandText(word, around);
}
