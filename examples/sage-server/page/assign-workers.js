/**
 * @typedef {{ agent_id: string, task_name: string, session_id?: string }} Task
 * @typedef {{ session_id: string, status: string, error?: string }} TaskResult
 */

/** The tasks of a delegating call; `undefined` for other calls, and until all of it is written. @param {any} call @returns {Task[] | undefined} */
export function tasksOf(call) {
  if (call.function.name !== 'sys_delegate_task') return undefined;
  const tasks = parse(call.function.arguments)?.tasks;
  const isTask = (/** @type {any} */ one) => typeof one?.agent_id === 'string' && typeof one.task_name === 'string';
  return Array.isArray(tasks) && tasks.length > 0 && tasks.every(isTask) ? tasks : undefined;
}

/** What came of each task; `undefined` where the call was refused or stopped. @param {string} content @returns {TaskResult[] | undefined} */
export function resultsOf(content) {
  const results = parse(content)?.results;
  return Array.isArray(results) ? results : undefined;
}

/**
 * Who works on which task. A result names its session, and so does a task that goes on in one; the others are begun in the order
 * of the tasks.
 *
 * @template {{ facts: { session_id: string, agent_id: string } }} Worker
 * @param {Task[]} tasks
 * @param {{ results: TaskResult[] | undefined, workers: Worker[], find: (sessionId: string) => Worker | undefined }} known
 *   `workers` are those of the call, in the order they joined
 * @returns {(Worker | undefined)[]}
 */
export function assignWorkers(tasks, { results, workers, find }) {
  const named = tasks.map(({ session_id }, place) => find(results?.[place]?.session_id ?? session_id ?? ''));
  const others = workers.filter((worker) => !named.includes(worker));
  return tasks.map(({ agent_id }, place) => {
    if (named[place]) return named[place];
    const next = others.findIndex(({ facts }) => facts.agent_id === agent_id);
    return next < 0 ? undefined : others.splice(next, 1)[0];
  });
}

/** @param {string} json */
function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
