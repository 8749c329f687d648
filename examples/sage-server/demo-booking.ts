import { cityIn, quote, type DemoAnswer, type DemoTurn } from './demo-turn.ts';

/** Whether the user wants a table booked: the one thing here that a person is asked about. */
export function wantsTable(question: string): boolean {
  return /\bbook (me |us )?a table\b/i.test(question);
}

/** Asks for how many where nobody has said so, books, and tells what came of it. */
export function answerBooking({ question, guidance, results }: DemoTurn): DemoAnswer {
  const said = peopleIn(question);
  const [answer, ...rest] = said === undefined ? results : [String(said), ...results];
  if (answer === undefined) {
    return {
      text: 'One thing only you can tell me:',
      calls: [{ name: 'ask_user', arguments: { question: 'For how many people?', options: ['2', '4', '6'] } }],
    };
  }
  const people = peopleIn(`for ${answerIn(answer)}`);
  if (people === undefined) return { text: 'I do not know for how many, so I have booked nothing.' };
  const [came] = rest;
  if (came === undefined) {
    return { text: 'I have found a place. It books only if you agree:', calls: [bookTable(question, people)] };
  }
  const heard = guidance.length === 0 ? '' : `\n\nYou also said:\n\n${quote(guidance)}`;
  return { text: `${whatWasBooked(came)}${heard}` };
}

export function bookTable(question: string, people = peopleIn(question) ?? 2) {
  const city = /\bin (\p{Lu}\p{L}+)/u.exec(question)?.[1] ?? cityIn(question);
  return { name: 'book_table', arguments: { place: `Casa da Ribeira, ${city}`, time: 'today, 13:00', people } };
}

export function whatWasBooked(result: string): string {
  const booked = /Booked: .*/.exec(result)?.[0];
  return booked === undefined ? 'Nothing was booked. Tell me if you want something else.' : `**${booked}**`;
}

/** What `ask_user` gives back, as text. */
function answerIn(result: string): string {
  try {
    const { answer } = JSON.parse(result) as { readonly answer?: unknown };
    return typeof answer === 'string' ? answer : result;
  } catch {
    return result;
  }
}

function peopleIn(text: string): number | undefined {
  const [, number] = /\bfor (\d+)\b/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number);
}
