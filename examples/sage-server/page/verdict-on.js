import { visible } from './visible.js';

const words = {
  'allow-once': 'Allowed once',
  'allow-session': 'Allowed for this session',
  'deny': 'Declined',
  'expired': 'Nobody answered in time',
  'dropped': 'Given up before anybody answered',
};

/** What came of asking, in a sentence. @param {import('./asked-of.js').Asked} asked @param {import('./asked-of.js').Closed} closed */
export function verdictOn({ kind }, { decision, by, arguments: changed, answer }) {
  const who = by ? `, by ${by}` : '';
  if (kind === 'question' && decision.startsWith('allow')) {
    const said = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return `Answered${who}: ${visible(said)}`;
  }
  const how = changed === undefined ? '' : ', with changed arguments';
  return `${words[decision] ?? decision}${how}${who}.`;
}
