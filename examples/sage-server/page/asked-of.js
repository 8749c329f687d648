/**
 * What a person is asked about a call, and what came of it so far.
 * @typedef {{ confirmation_id: string, call: [messageId: string, index: number], kind: 'approval' | 'question', tool: string,
 *   arguments?: any, digest?: string, reason?: string, expires_at?: number }} Asked
 * @typedef {{ confirmation_id: string, decision: string, by?: string, arguments?: any, answer?: any }} Closed
 * @typedef {{ asked: Asked, closed: Closed | undefined }} Confirmation
 */

/** The call that a message of type `confirmation` is about; the word that closes one does not name it. @param {any} message @param {Iterable<any>} messages @returns {string | undefined} the id of its message */
export function messageAskedAbout({ metadata }, messages) {
  const id = metadata?.confirmation?.confirmation_id;
  return wordsOn(messages).find(({ confirmation_id, call }) => confirmation_id === id && call)?.call[0];
}

/** What was asked about a call, in order. @param {Iterable<any>} messages @param {string} messageId @param {number} index @returns {Confirmation[]} */
export function confirmationsOf(messages, messageId, index) {
  const words = wordsOn(messages);
  return words
    .filter(({ call }) => call?.[0] === messageId && call[1] === index)
    .map((asked) => ({
      asked,
      closed: words.find(({ confirmation_id, decision }) => confirmation_id === asked.confirmation_id && decision),
    }));
}

/** @param {Iterable<any>} messages @returns {any[]} */
function wordsOn(messages) {
  return [...messages].flatMap(({ message_type, metadata }) =>
    message_type === 'confirmation' && metadata?.confirmation ? [metadata.confirmation] : [],
  );
}
