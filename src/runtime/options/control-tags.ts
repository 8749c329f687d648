import { SageError } from '../../errors.ts';
import { isEmpty, type ReadMessage } from '../../messages/codec.ts';
import type { Content } from '../../messages/message.ts';

const levels = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

export type ThinkingLevel = (typeof levels)[number];

/** What the tags at the start of user text ask for; the newest message wins. */
export interface ControlTags {
  readonly plan?: boolean;
  readonly thinking?: ThinkingLevel | 'off' | undefined;
}

const leadingTag = /^\s*<(enable_plan|enable_deep_thinking|thinking_level|deep_thinking_level)>\s*(\w+)\s*<\/\1>\s*/i;

/** Reads Sage's control tags, and takes them off the text. @throws {SageError} `invalid-argument` for a message of tags only. */
export function readControlTags(messages: readonly ReadMessage[]): { messages: ReadMessage[]; tags: ControlTags } {
  let tags: ControlTags = {};
  const stripped = messages.map((message, index) => {
    if (message.role !== 'user') return message;
    const before = leadingText(message.content);
    const { text, asked } = takeTags(before);
    if (text === before) return message;
    tags = { ...tags, ...asked };
    const content = withLeadingText(message.content, text);
    if (isEmpty(content)) throw saysNothing(index);
    return { ...message, content };
  });
  return { messages: stripped, tags };
}

function takeTags(text: string): { text: string; asked: ControlTags } {
  let rest = text;
  let asked: ControlTags = {};
  for (let match = leadingTag.exec(rest); match !== null; match = leadingTag.exec(rest)) {
    asked = { ...asked, ...readTag((match[1] ?? '').toLowerCase(), (match[2] ?? '').toLowerCase(), asked) };
    rest = rest.slice(match[0].length);
  }
  return { text: rest, asked };
}

function readTag(name: string, value: string, { thinking }: ControlTags): ControlTags {
  if (name === 'enable_plan') return { plan: value === 'true' };
  if (name === 'enable_deep_thinking') return { thinking: value === 'true' ? (thinking ?? 'high') : 'off' };
  const level = levels.find((one) => one === value);
  return level === undefined ? {} : { thinking: level };
}

function leadingText(content: Content | null): string {
  if (typeof content === 'string') return content;
  const [first] = content ?? [];
  return first?.type === 'text' && typeof first.text === 'string' ? first.text : '';
}

function withLeadingText(content: Content | null, text: string): Content | null {
  if (!Array.isArray(content)) return text;
  const rest = content.slice(1);
  return text === '' ? rest : [{ ...content[0], type: 'text', text }, ...rest];
}

function saysNothing(index: number): SageError {
  return new SageError(
    'invalid-argument',
    `inputMessages[${index}] holds control tags and nothing else. Say something after them.`,
    {
      option: `inputMessages[${index}]`,
    },
  );
}
