import type { BeforeToolResult, Stop } from './hooks.ts';

type Given = Readonly<Record<string, unknown>>;

/** What hooks may give; `undefined` for anything else, which is never taken for a yes. */
export function readBeforeTool({ action, reason }: Given): BeforeToolResult | undefined {
  return (action === 'deny' || action === 'ask') && isText(reason) ? { action, reason } : undefined;
}

export function readAfterTool({ content }: Given): { readonly content: string } | undefined {
  return typeof content === 'string' ? { content } : undefined;
}

export function readStop({ action, reason }: Given): Stop | undefined {
  return action === 'stop' && isText(reason) ? { action, reason } : undefined;
}

export function readUserMessage(given: Given): Stop | { readonly context: string } | undefined {
  const { context } = given;
  return isText(context) ? { context } : readStop(given);
}

export function readContinue({ action, message }: Given) {
  return action === 'continue' && isText(message) ? ({ action, message } as const) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
