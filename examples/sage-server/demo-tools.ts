import { setTimeout as wait } from 'node:timers/promises';
import { askUser, defineTool, ToolManager } from 'sagents';

const forecast = ['18° and sunny', '11° with light rain', '−2° and snow', '24° and clear'];

/** Tools that touch nothing outside; one asks before it is run, one asks the user. `paceMs` is how long they pretend to work between two words of progress. */
export function createDemoTools(paceMs: number): ToolManager {
  const getWeather = defineTool({
    name: 'get_weather',
    description: 'Tells the weather of a city.',
    effect: 'none',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', description: 'Its name' } },
      required: ['city'],
      additionalProperties: false,
    },
    async *execute({ city }, { signal }) {
      for (const step of ['asking the station … ', 'reading the radar … ', 'done']) {
        await wait(paceMs, undefined, { signal });
        yield step;
      }
      return `${String(city)}: ${forecast[String(city).length % forecast.length]}`;
    },
  });
  const searchNotes = defineTool({
    name: 'search_notes',
    description: 'Searches the notes of the team.',
    effect: 'none',
    parameters: {
      type: 'object',
      properties: { query: { type: 'string' } },
      required: ['query'],
      additionalProperties: false,
    },
    async execute({ query }, { signal }) {
      await wait(paceMs, undefined, { signal });
      return `Nothing on "${String(query)}", but: the harbour market opens at nine; the museum is closed on Mondays.`;
    },
  });
  const bookTable = defineTool({
    name: 'book_table',
    description: 'Books a table at a restaurant. What is booked cannot be cancelled.',
    approval: 'ask',
    parameters: {
      type: 'object',
      properties: {
        place: { type: 'string', description: 'Where' },
        time: { type: 'string', description: 'When, as people say it' },
        people: { type: 'integer', minimum: 1, maximum: 20, description: 'For how many' },
      },
      required: ['place', 'time', 'people'],
      additionalProperties: false,
    },
    async execute({ place, time, people }, { signal }) {
      await wait(paceMs, undefined, { signal });
      return `Booked: a table for ${String(people)} at ${String(place)}, ${String(time)}.`;
    },
  });
  return new ToolManager({ tools: [getWeather, searchNotes, bookTable, askUser] });
}
