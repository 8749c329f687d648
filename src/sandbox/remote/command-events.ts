import type { EndedBy, ExecResult, OutputPiece } from '../sandbox.ts';

/** What a server tells of a command, one by one. */
export type CommandEvent =
  | { readonly type: 'started'; readonly id: string }
  | { readonly type: 'output'; readonly piece: OutputPiece }
  | { readonly type: 'ended'; readonly exitCode: number; readonly endedBy: EndedBy }
  | { readonly type: 'refused'; readonly message: string };

/** As the SDK hands it over; nothing of it is certain. */
export interface RawEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

const limits: readonly EndedBy[] = ['timeout', 'output-limit', 'memory-limit', 'disk-limit', 'close', 'abort'];

/**
 * Returns a reader for the events of one command; it gives `undefined` for what does not matter here.
 *
 * The protocol leaves open how output is cut, and servers differ: OpenSandbox's own sends lines without their break. Ours
 * says `verbatim` in the first event and sends text as it is; for all others each event is a line.
 */
export function createEventReader(): (event: RawEvent) => CommandEvent | undefined {
  let isVerbatim = false;
  return (event) => {
    switch (event.type) {
      case 'init':
        isVerbatim = event['verbatim'] === true;
        return { type: 'started', id: textOf(event['text']) };
      case 'stdout':
      case 'stderr': {
        const text = textOf(event['text']);
        return { type: 'output', piece: { stream: event.type, text: isVerbatim ? text : asLine(text) } };
      }
      case 'execution_complete':
        return { type: 'ended', ...toResult(0, event) };
      case 'error':
        return toEnd(event);
      default:
        return undefined;
    }
  };
}

function toEnd(event: RawEvent): CommandEvent {
  const { error } = event;
  const record = typeof error === 'object' && error !== null ? error : {};
  const name = 'ename' in record ? textOf(record.ename) : '';
  const value = 'evalue' in record ? textOf(record.evalue).trim() : '';
  if (name === 'NotStarted') return { type: 'refused', message: value };
  const number = /^-?\d+$/.test(value) ? Number(value) : undefined;
  // A server that tells no number tells a signal, or why there is none; 137 is what a kill looks like.
  const exitCode = number !== undefined && number >= 0 && number <= 255 ? number : /terminated/.test(value) ? 143 : 137;
  return { type: 'ended', ...toResult(exitCode, event) };
}

function toResult(exitCode: number, event: RawEvent): ExecResult {
  return { exitCode, endedBy: limits.find((limit) => limit === event['ended_by']) ?? 'exit' };
}

function asLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
