import { textOf, type Content, type Message } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import type { CallKey, Entry } from '../session/entry.ts';
import type { AgentContext } from './agent.ts';

/** Under which the message to the model keeps the ids of those it answers: each is answered once, also after a crash. */
const answersKey = 'answers';

export function namesSkills(said: { readonly content: Content | null }): boolean {
  return namesIn(said).length > 0;
}

/** What users have said since the last answer, where it names skills that nobody has looked at. */
export function unansweredTags({ session, skills }: Pick<AgentContext, 'session' | 'skills'>): readonly Message[] {
  if (skills.length === 0) return [];
  const { whole } = session.ledger;
  const since = whole.findLastIndex(({ message }) => message.role !== 'user');
  const input = whole.slice(since + 1).map(({ message }) => message);
  return notAnswered(
    input.filter((message) => isVisible(message) && namesSkills(message)),
    session,
  );
}

/** Those that still are not, where somebody may have looked meanwhile. */
export function notAnswered(
  naming: readonly Message[],
  { ledger }: Pick<AgentContext['session'], 'ledger'>,
): readonly Message[] {
  if (naming.length === 0) return [];
  const answered = new Set(ledger.whole.flatMap(({ message }) => answersOf(message)));
  return naming.filter(({ message_id }) => !answered.has(message_id));
}

/** Each name once, with the place where it was said first. */
export function namedSkills(naming: readonly Message[]): ReadonlyMap<string, CallKey> {
  const places = new Map<string, CallKey>();
  for (const message of naming) {
    for (const [index, name] of namesIn(message).entries())
      if (!places.has(name)) places.set(name, [message.message_id, index]);
  }
  return places;
}

/** What the model is told, hidden from readers. */
export function tagsAnswered(texts: readonly string[], naming: readonly Message[], createId: () => string): Entry {
  return {
    type: 'message',
    message: {
      role: 'user',
      content: ['The user has named skills.', ...texts].join('\n\n'),
      message_id: createId(),
      message_type: 'guide',
      metadata: {
        hidden_from_chat: true,
        source: 'skill',
        [answersKey]: naming.map(({ message_id }) => message_id),
      },
    },
  };
}

function answersOf({ metadata }: Message): readonly unknown[] {
  const answers = metadata?.['source'] === 'skill' ? metadata[answersKey] : undefined;
  return Array.isArray(answers) ? answers : [];
}

function namesIn(said: { readonly content: Content | null }): readonly string[] {
  const tags = textOf(said).matchAll(/<skill>([^<>]{1,200})<\/skill>/gi);
  return Array.from(tags, ([, name = '']) => name.trim().normalize());
}
