import { contenderNames } from './conversation.ts';
import type { ContenderName } from './conversation.ts';
import type { Target } from './scenarios.ts';

/** One line of the table: a figure's median for each contender that was measured. */
export interface Row {
  readonly label: string;
  readonly unit: string;
  readonly medians: Partial<Readonly<Record<ContenderName, number>>>;
  readonly targets: readonly Target[];
}

const columns = ['', 'unit', ...contenderNames, 'vs fetch', 'vs openai', 'target', 'met'];

/** A plain text table; a figure that was not measured is a dash. */
export function toTable(rows: readonly (Row | { readonly title: string })[]): string {
  const cells = rows.map((row) => ('title' in row ? [row.title] : toCells(row)));
  const all = [columns, ...cells.filter((line) => line.length > 1)];
  const widths = columns.map((_, at) => Math.max(...all.map((line) => line[at]?.length ?? 0)));
  const toLine = (line: readonly string[]): string =>
    line.length === 1
      ? `\n${line[0] ?? ''}`
      : line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return [columns, ...cells].map(toLine).join('\n');
}

/** Whether each target of a row is met; a target whose figures are missing is left out. */
export function judge({ medians, targets }: Row): { readonly target: string; readonly isMet: boolean }[] {
  const ours = medians.sagents;
  return targets.flatMap((target) => {
    const base = target.against === 'limit' ? 1 : medians[target.against];
    if (ours === undefined || base === undefined) return [];
    return [{ target: toText(target), isMet: ours / base <= target.atMost }];
  });
}

function toCells(row: Row): string[] {
  const { label, unit, medians, targets } = row;
  const ratio = (to: ContenderName): string => {
    const [ours, theirs] = [medians.sagents, medians[to]];
    return ours === undefined || theirs === undefined ? '–' : `${(ours / theirs).toFixed(2)}×`;
  };
  const verdicts = judge(row).map(({ isMet }) => (isMet ? 'yes' : 'NO'));
  return [
    `  ${label}`,
    unit,
    ...contenderNames.map((name) => toFigure(medians[name])),
    ratio('fetch'),
    ratio('openai'),
    targets.map(toText).join(', '),
    verdicts.join(', '),
  ];
}

function toText({ against, atMost }: Target): string {
  return against === 'limit' ? `≤ ${atMost}` : `≤ ${atMost}× ${against}`;
}

function toFigure(value: number | undefined): string {
  if (value === undefined) return '–';
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
