import type { Entry } from './entry.ts';

/** The child an entry belongs to; `undefined` for the root's, and for more of a streamed message, which names its first piece. */
export function ownerOf(entry: Entry): string | undefined {
  switch (entry.type) {
    case 'message':
    case 'settled':
      return entry.message.session_id;
    case 'pieces':
      return 'header' in entry ? entry.header.session_id : undefined;
    case 'journal':
    case 'closed':
      return undefined;
    default:
      return entry.session_id;
  }
}

/** The entry as one of that child. */
export function ownedBy(sessionId: string, entry: Entry): Entry {
  switch (entry.type) {
    case 'message':
    case 'settled':
      return { ...entry, message: { ...entry.message, session_id: sessionId } };
    case 'pieces':
      return 'header' in entry ? { ...entry, header: { ...entry.header, session_id: sessionId } } : entry;
    case 'journal':
    case 'closed':
      return entry;
    default:
      return { ...entry, session_id: sessionId };
  }
}
