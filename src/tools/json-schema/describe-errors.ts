import type { OutputUnit } from '@cfworker/json-schema';

/** Says no more than what the errors behind it say. */
const containers = new Set([
  '$ref',
  'allOf',
  'if',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
]);

/** A line for each fault, by the path of what is wrong. Of several schemas that would do, what each of them wants. */
export function describeErrors(errors: readonly OutputUnit[]): string[] {
  const lines: string[] = [];
  for (let index = 0; index < errors.length; index += 1) {
    const error = errors[index] as OutputUnit;
    if (containers.has(error.keyword)) continue;
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      lines.push(describe(error));
      continue;
    }
    const end = endOfChoice(error, errors, index + 1);
    lines.push(describeChoice(error, errors.slice(index + 1, end)));
    index = end - 1;
  }
  return [...new Set(lines)];
}

/** Where the errors of its alternatives end, which follow it. Of `false` the validator tells no place. */
function endOfChoice({ keywordLocation }: OutputUnit, errors: readonly OutputUnit[], from: number): number {
  const isOfIt = (error: OutputUnit | undefined) =>
    error !== undefined && (error.keyword === 'false' || error.keywordLocation.startsWith(`${keywordLocation}/`));
  let end = from;
  while (isOfIt(errors[end])) end += 1;
  return end;
}

function describeChoice(choice: OutputUnit, errors: readonly OutputUnit[]): string {
  const branches: OutputUnit[][] = [];
  let last: string | undefined;
  for (const error of errors) {
    const name = error.keyword === 'false' ? last : nameOfBranch(choice, error);
    if (name !== last || branches.length === 0) branches.push([]);
    last = name;
    branches.at(-1)?.push(error);
  }
  // Where several fit, those that do not are not to blame.
  const isNone = choice.keyword === 'anyOf' || choice.error.includes('(0 matches)');
  const wanted = isNone ? new Set(branches.map((branch) => describeErrors(branch).join(', '))) : [];
  return [describe(choice), [...wanted].join(' – or ')].filter((part) => part !== '').join(': ');
}

function nameOfBranch(choice: OutputUnit, { keywordLocation }: OutputUnit): string | undefined {
  return keywordLocation.slice(choice.keywordLocation.length + 1).split('/')[0];
}

function describe({ keyword, instanceLocation, error }: OutputUnit): string {
  const path = instanceLocation.split('/').slice(1).map(decode).join('.');
  const message = keyword === 'false' ? 'Not allowed' : error.replace(/\.$/, '');
  return path === '' ? message : `${path}: ${message}`;
}

function decode(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
}
