import { resolve } from 'node:path';
import type { GrepMatch, GrepOptions, GrepResult } from './grep.ts';
import { limitOutput } from './limit-output.ts';

/** A line as a program told it. */
interface FoundLine {
  readonly kind: 'match' | 'context';
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly column: number;
}

interface OpenMatch {
  readonly found: FoundLine;
  readonly before: string[];
  readonly after: string[];
}

export interface GrepReader {
  /** Takes output as it comes. `enough`: more than the limit has been found. */
  add(text: string): 'more' | 'enough';
  isEmpty(): boolean;
  result(): GrepResult;
}

/** Bytes of one line; a longer one is cut in its middle. */
const lineBytes = 2_000;

type GrepReading = Required<Pick<GrepOptions, 'limit' | 'outputMode' | 'beforeLines' | 'afterLines'>>;

/** Reads what the programs print: a line with the program's name, then ripgrep's JSON lines, or grep's lines. */
export function createGrepReader(
  workspace: string,
  { limit, outputMode, beforeLines, afterLines }: GrepReading,
): GrepReader {
  let tool: 'rg' | 'grep' | undefined;
  let rest = '';
  let waiting: FoundLine[] = [];
  const matches: OpenMatch[] = [];
  const counts = new Map<string, number>();

  function addLine(text: string): void {
    if (tool === undefined) {
      tool = text === 'grep' ? 'grep' : 'rg';
      return;
    }
    const found = tool === 'rg' ? readRgLine(text) : readGrepLine(text);
    // grep draws a line between groups.
    if (found === undefined) return;
    const placed = { ...found, path: resolve(workspace, found.path) };
    if (outputMode === 'content') place(placed);
    else if (placed.kind === 'match') counts.set(placed.path, (counts.get(placed.path) ?? 0) + 1);
  }

  /** A line between two matches belongs to both. */
  function place(found: FoundLine): void {
    const last = matches.at(-1);
    const isNear = last !== undefined && last.found.path === found.path;
    if (found.kind === 'context') {
      const next = isNear ? last.found.line + linesOf(last.found) + last.after.length : undefined;
      if (found.line === next && (last?.after.length ?? 0) < afterLines) last?.after.push(found.text);
      waiting.push(found);
      return;
    }
    const before = waiting.filter(({ path, line }) => path === found.path && line < found.line).map(({ text }) => text);
    matches.push({ found, before: beforeLines === 0 ? [] : before.slice(-beforeLines), after: [] });
    waiting = [];
  }

  const size = () => (outputMode === 'content' ? matches.length : counts.size);
  return {
    add(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        addLine(line);
        if (size() > limit) return 'enough';
      }
      return 'more';
    },
    isEmpty: () => size() === 0,
    result() {
      if (rest !== '') addLine(rest);
      const shown = [...counts].slice(0, limit);
      return {
        tool: tool ?? 'rg',
        matches: matches.slice(0, limit).map(toMatch),
        files: shown.map(([path, count]) => (outputMode === 'count' ? { path, count } : { path })),
        truncated: size() > limit,
      };
    },
  };
}

function toMatch({ found, before, after }: OpenMatch): GrepMatch {
  const cut = (text: string) => limitOutput(text, lineBytes).text;
  const { path, line, column, text } = found;
  return { path, line, column, text: cut(text), before: before.map(cut), after: after.map(cut) };
}

function linesOf({ text }: FoundLine): number {
  return text.split('\n').length;
}

/** ripgrep gives text where it is UTF-8, and bytes in base64 where it is not. */
interface RgText {
  readonly text?: string;
  readonly bytes?: string;
}

function readRgLine(json: string): FoundLine | undefined {
  const { type, data } = JSON.parse(json) as {
    type: string;
    data: { path: RgText; lines: RgText; line_number: number; submatches: { start: number }[] };
  };
  if (type !== 'match' && type !== 'context') return undefined;
  const text = decode(data.lines);
  const start = data.submatches[0]?.start ?? 0;
  const column = Buffer.from(text).toString('utf8', 0, start).length + 1;
  return { kind: type, path: decode(data.path), line: data.line_number, text: text.replace(/\r?\n$/, ''), column };
}

function decode({ text, bytes = '' }: RgText): string {
  return text ?? Buffer.from(bytes, 'base64').toString('utf8');
}

/** `name NUL number : text` for a match, `-` in the place of `:` for what stands around it. */
function readGrepLine(line: string): FoundLine | undefined {
  const [, path, number, sign, text] = /^([^\0]*)\0(\d+)([:-])(.*)$/.exec(line) ?? [];
  if (path === undefined) return undefined;
  const kind = sign === ':' ? 'match' : 'context';
  return { kind, path, line: Number(number), text: text ?? '', column: 1 };
}
