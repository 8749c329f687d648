import { isSageError, messageOf } from '../errors.ts';
import { textOf, type Message, type MessageChunk } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Entry } from '../session/entry.ts';
import type { Ledger } from '../session/ledger.ts';
import { findSkill } from '../skills/find-skill.ts';
import { loadSkill, tellUnknown } from '../skills/load-skill.ts';
import { loadedSkills, loadedSkillsKey, withLoaded } from '../skills/loaded-skills.ts';
import { untilAborted } from '../streams/abort.ts';
import type { AgentContext } from './agent.ts';

type LoadingContext = Pick<AgentContext, 'session' | 'skills' | 'openSandbox' | 'signal' | 'enter'>;

/** What a user has said. `id` is that of the message, of guidance its own: it has no message yet. */
interface Said {
  readonly id: string;
  readonly text: string;
}

/**
 * Loads the skills that the newest input names in `<skill>` tags, before any model is called. What the model is to know of it
 * is a message hidden from readers, kept with the ids of those it answers: so each is answered once, also after a crash.
 */
export async function* loadNamedSkills(context: LoadingContext): AsyncGenerator<MessageChunk[], void> {
  if (context.skills.length > 0) yield* loadFor(newestInput(context.session.ledger), context);
}

/** The same for guidance that the next model call will take. */
export async function* loadSkillsOfGuidance(context: LoadingContext): AsyncGenerator<MessageChunk[], void> {
  const { skills, session } = context;
  if (skills.length === 0 || session.guidance.size === 0) return;
  const pending = session.guidance.list();
  const said = pending.map(({ guidance_id, content }) => ({ id: guidance_id, text: textOf({ content }) }));
  yield* loadFor(said, context);
}

async function* loadFor(said: readonly Said[], context: LoadingContext): AsyncGenerator<MessageChunk[], void> {
  const { session, skills, signal } = context;
  const naming = said
    .filter(({ text }) => namesIn(text).length > 0)
    .filter(({ id }) => !isAnswered(id, session.ledger));
  if (naming.length === 0) return;
  signal.throwIfAborted();
  const names = new Set(naming.flatMap(({ text }) => namesIn(text)));
  const texts: string[] = [];
  let loaded = loadedSkills(session.toolState);
  context.enter('tools');
  for (const name of names) {
    const skill = findSkill(skills, name);
    if (skill === undefined) {
      texts.push(tellUnknown(name, skills));
      continue;
    }
    const sandbox = await untilAborted(context.openSandbox(), signal);
    try {
      const { text, folder } = await untilAborted(loadSkill(skill, sandbox, signal), signal);
      texts.push(text);
      loaded = withLoaded(loaded, skill.name, folder);
    } catch (error) {
      if (signal.aborted || !isSageError(error)) throw error;
      texts.push(messageOf(error));
    }
  }
  const kept: Entry = { type: 'state', key: loadedSkillsKey, value: loaded };
  yield session.append([tellOf(texts, naming, session.createId), kept]);
}

const answersKey = 'answers';

function tellOf(texts: readonly string[], said: readonly Said[], createId: () => string): Entry {
  return {
    type: 'message',
    message: {
      role: 'user',
      content: ['The user has named skills.', ...texts].join('\n\n'),
      message_id: createId(),
      message_type: 'guide',
      metadata: { hidden_from_chat: true, source: 'skill', [answersKey]: said.map(({ id }) => id) },
    },
  };
}

function isAnswered(id: string, { whole }: Ledger): boolean {
  return whole.some(({ message: { metadata } }) => {
    const answers = metadata?.['source'] === 'skill' ? metadata[answersKey] : undefined;
    return Array.isArray(answers) && answers.includes(id);
  });
}

/** What users have said since the last answer. */
function newestInput({ whole }: Ledger): readonly Said[] {
  const since = whole.findLastIndex(({ message }) => message.role !== 'user');
  return whole.slice(since + 1).flatMap(({ message }) => (isVisible(message) ? [saidIn(message)] : []));
}

function saidIn(message: Message): Said {
  const guidanceId = message.metadata?.['guidance_id'];
  return { id: typeof guidanceId === 'string' ? guidanceId : message.message_id, text: textOf(message) };
}

function namesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/<skill>([^<>]{1,200})<\/skill>/gi), ([, name = '']) => name.trim());
}
