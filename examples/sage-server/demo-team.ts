import { bookTable, wantsTable, whatWasBooked } from './demo-booking.ts';
import { cell, cityIn, quote, type DemoAnswer, type DemoTurn } from './demo-turn.ts';

/** What `sys_delegate_task` is told of each task. */
interface Task {
  readonly agent_id: string;
  readonly task_name: string;
  readonly content: string;
  readonly session_id?: string;
}

/** What comes back from it. */
interface TaskResult {
  readonly agent_id: string;
  readonly session_id: string;
  readonly task_name: string;
  readonly status: string;
  readonly error?: string;
  readonly result: string;
}

/** What each of the team says; `undefined` for whoever is not of it. */
export function answerInTeam(turn: DemoTurn): DemoAnswer | undefined {
  const role = /You are the (\w+) of a team/.exec(turn.who)?.[1];
  return role === undefined ? undefined : roles[role]?.(turn);
}

const roles: Readonly<Record<string, (turn: DemoTurn) => DemoAnswer>> = { lead, forecaster, planner, critic };

function lead({ question, guidance, results, earlier }: DemoTurn): DemoAnswer {
  if (results.length === 0) {
    // Whoever has worked for it goes on where it was, and remembers.
    const before = tasksIn(earlier.at(-1));
    const task = (agent_id: string, task_name: string, content: string): Task => {
      const known = before.find((one) => one.agent_id === agent_id);
      return { agent_id, task_name, content, ...(known === undefined ? {} : { session_id: known.session_id }) };
    };
    return {
      thought: 'Weather, plan and doubts do not need each other. Three can work on them side by side.',
      text: `I have three others look into **${question.slice(0, 60)}**, side by side:`,
      calls: [
        delegate([
          task('forecaster', 'The weather', `What will the weather be in ${cityIn(question)}?`),
          task('planner', 'The plan', `Plan this, in three points: ${question}`),
          task('critic', 'The doubts', `What could go wrong with this? ${question}`),
        ]),
      ],
    };
  }
  const tasks = tasksIn(results[0]);
  if (tasks.length === 0) return { text: `Nothing came of it: ${results[0] ?? ''}` };
  const heard = guidance.length === 0 ? '' : `\n\nYou steered me while they worked:\n\n${quote(guidance)}`;
  const rows = tasks.map(({ task_name, status, result, error = '' }) => {
    const came = status === 'completed' ? result : `${status}. ${error}`;
    return `| ${cell(task_name)} | ${cell(came)} |`;
  });
  return { text: `## What the team says\n\n| Task | What came of it |\n| --- | --- |\n${rows.join('\n')}${heard}` };
}

/** Where the forecaster has to give up. */
const noStation = 'Atlantis';

function forecaster({ question, guidance, results }: DemoTurn): DemoAnswer {
  if (results.length === 0) {
    return {
      thought: 'One tool knows this.',
      text: 'I ask the station.',
      calls: [{ name: 'get_weather', arguments: { city: cityIn(withoutHeading(question)) } }],
    };
  }
  if (cityIn(withoutHeading(question)) === noStation) {
    const result = `There is no station in ${noStation}: it has sunk.`;
    return {
      text: 'The station does not answer.',
      calls: [{ name: 'sys_finish_task', arguments: { result, status: 'failed' } }],
    };
  }
  const result = [`${results.join(', ')}. Take a coat for the evening.`, ...heardBy(guidance)].join(' ');
  return {
    text: 'The station has answered, and the radar agrees with it.',
    calls: [{ name: 'sys_finish_task', arguments: { result } }],
  };
}

function planner({ question, guidance, results }: DemoTurn): DemoAnswer {
  const slowness = 1.4;
  if (results.length === 0) {
    const draft =
      'Morning: the harbour market. Noon: lunch in the old town. Evening: the long walk home along the river.';
    return {
      slowness,
      text: `My draft:\n\n- Morning: the harbour market\n- Noon: lunch in the old town\n- Evening: the long walk home\n\nI have it read before I hand it over.`,
      calls: [
        delegate([{ agent_id: 'critic', task_name: 'Read the draft', content: `What is wrong with this? ${draft}` }]),
      ],
    };
  }
  if (wantsTable(question) && results.length === 1) {
    return { slowness, text: 'The noon needs a table.', calls: [bookTable(question)] };
  }
  const booked = results[1] === undefined ? [] : [`\n\n${whatWasBooked(results[1])}`];
  const steered = heardBy(guidance).map((line) => `\n\n${line}`);
  return {
    slowness,
    text: `**Morning** at the harbour market, before it gets crowded; **noon** in the old town, inside if it rains; **evening** on the long walk home along the river.${[...booked, ...steered].join('')}`,
  };
}

function critic({ guidance }: DemoTurn): DemoAnswer {
  return {
    slowness: 2,
    text: [
      'The market may be closed on Mondays, one station is not a forecast, and nobody has said how the legs are after lunch.',
      'Keep a café in mind for each part of it, and do not book what cannot be cancelled.',
      ...heardBy(guidance),
    ].join(' '),
  };
}

/** A task begins with its name. */
function withoutHeading(task: string): string {
  return task.replace(/^# .*\n+/, '');
}

function heardBy(guidance: readonly string[]): string[] {
  return guidance.map((text) => `I was told: *${text}*`);
}

function delegate(tasks: readonly Task[]) {
  return { name: 'sys_delegate_task', arguments: { tasks } };
}

/** None where the call was refused, or stopped before it came to anything. */
function tasksIn(result = ''): readonly TaskResult[] {
  try {
    return (JSON.parse(result) as { readonly results?: readonly TaskResult[] }).results ?? [];
  } catch {
    return [];
  }
}
