import type { Content, ContentPart, Message } from '../messages/message.ts';
import type { ToolCall } from '../messages/tool-call.ts';
import { isForReadersOnly } from '../messages/visibility.ts';
import { callsOf, type Ledger, type LedgerItem } from './ledger.ts';

/** An assistant message whose calls are not all answered: it is shown when they are. */
interface Unit {
  readonly head: string;
  readonly results: string[];
  missing: number;
}

/**
 * The history as a provider is shown it: one JSON text a message, append-only, each rendered once in its life.
 *
 * A call and its results stand together, in call order, whatever came between them in the ledger. Left out are what only
 * readers are shown, the calls and reasoning of a message that was cut, and messages of which nothing is left then.
 */
export class View {
  readonly #ledger: Ledger;
  readonly #units = new Map<string, Unit>();
  #fragments: string[] = [];
  #rendered = 0;
  #revision = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  fragments(): readonly string[] {
    if (this.#revision !== this.#ledger.revision) this.#startOver();
    for (; this.#rendered < this.#ledger.whole.length; this.#rendered += 1) {
      this.#render(this.#ledger.whole[this.#rendered] as LedgerItem);
    }
    return this.#fragments;
  }

  #startOver(): void {
    this.#fragments = [];
    this.#units.clear();
    this.#rendered = 0;
    this.#revision = this.#ledger.revision;
  }

  #render({ message, call, context }: LedgerItem): void {
    if (isForReadersOnly(message)) return;
    if (message.role === 'tool') {
      if (call !== undefined) this.#answer(call[0], call[1], message);
      return;
    }
    const calls = callsOf(message);
    if (calls.length > 0) {
      this.#units.set(message.message_id, { head: renderCalls(message, calls), results: [], missing: calls.length });
      return;
    }
    const content = withContext(message.content, context);
    if (content !== null && content.length > 0) this.#fragments.push(JSON.stringify({ role: message.role, content }));
  }

  #answer(messageId: string, index: number, { tool_call_id, content }: Message): void {
    const unit = this.#units.get(messageId);
    if (unit === undefined) return;
    unit.results[index] = JSON.stringify({ role: 'tool', tool_call_id, content: content ?? '' });
    unit.missing -= 1;
    if (unit.missing > 0) return;
    this.#units.delete(messageId);
    this.#fragments.push(unit.head, ...unit.results);
  }
}

/** Reasoning is sent back beside calls, where the providers that stream it ask for it, and nowhere else. */
function renderCalls({ role, content, reasoning_content }: Message, calls: readonly ToolCall[]): string {
  return JSON.stringify({
    role,
    content: content === '' ? null : content,
    ...(reasoning_content === undefined ? {} : { reasoning_content }),
    tool_calls: calls.map((call) => ({ ...call, function: { ...call.function, arguments: legalArguments(call) } })),
  });
}

/** Providers refuse a history with broken JSON in it. The call's result tells the model what it wrote. */
function legalArguments({ function: { arguments: text } }: ToolCall): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return '{}';
  }
}

function withContext(content: Content | null, context: string | undefined): Content | null {
  if (context === undefined || content === null) return content;
  if (typeof content === 'string') return `${context}\n\n${content}`;
  const part: ContentPart = { type: 'text', text: context };
  return [part, ...content];
}
