import { call, Refusal, session } from './api.js';
import { ConversationView } from './conversation-view.js';
import { byId, setText } from './elements.js';
import { showFlow } from './flow-view.js';
import { textOf } from './fold-chunks.js';
import { follow } from './follow.js';
import { showGuidance } from './guidance.js';
import { SessionTree } from './session-tree.js';
import { showSessions } from './sessions.js';
import { showWaiting } from './waiting-bar.js';

const view = new ConversationView({
  takeSnapshot: (id) => call(session(id)),
  stop: (id) => said(call(session(id, '/interrupt'), { method: 'POST', body: { reason: 'by the user' } })),
  steer: (id, content) => said(call(session(id, '/inject_user_message'), { method: 'POST', body: { content } })),
  // The card says what went wrong.
  answer: (confirmation, answer) =>
    call(session(sessionId ?? '', `/confirmations/${encodeURIComponent(confirmation)}`), {
      method: 'POST',
      body: answer,
    }),
});
const input = byId('input');
let tree = new SessionTree(undefined);
let stopFollowing = () => {};
/** When a run was first seen to wait for nobody. @type {number | undefined} */
let answeredAt;
/** @type {string | undefined} */
let sessionId;
/** @type {any} */
let state;
/** @type {any[]} */
let flows = [];

/** @param {any} some */
const waitingIn = (some) => some?.pending_confirmations ?? [];
const isRunning = () => state?.status === 'running';
/** A run without an end whose process is gone. */
const hasCrashed = () =>
  state?.status === 'interrupted' && state.trace !== undefined && state.trace.ended === undefined;

async function begin() {
  const info = await call('info');
  flows = info.flows;
  byId('model').textContent = info.model === 'demo' ? 'Demo model, no network' : info.model;
  byId('flow').append(...flows.map(({ name, description }) => new Option(description ?? name, name)));
  addEventListener('hashchange', () => run(openFromAddress));
  await openFromAddress();
}

/** The session stands in the address: a reload comes back to it. */
async function openFromAddress() {
  stopFollowing();
  sessionId = location.hash.slice(1) || undefined;
  state = undefined;
  const snapshot = sessionId === undefined ? undefined : await takeSnapshot(sessionId);
  tree = new SessionTree(sessionId, snapshot);
  showState(snapshot);
  view.paint(sessionId ?? '', tree, snapshot);
  closeDrawers();
  input.focus();
  if (sessionId === undefined) showConnection('live');
  else stopFollowing = follow(sessionId, { ...handlers, cursor: () => tree.lastSeq });
  await refreshSessions();
}

/** @param {string} id */
async function takeSnapshot(id) {
  try {
    return await call(session(id));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'session-not-found') throw error;
    history.replaceState(null, '', location.pathname);
    sessionId = undefined;
    return undefined;
  }
}

const handlers = {
  /** @param {any[]} chunks */
  onChunks: (chunks) => {
    view.update(tree.fold(chunks));
    showTitle();
  },
  /** @param {any} next */
  onState: (next) => {
    const before = state;
    tree.setChildren(next.children);
    view.refresh(next);
    showState(next);
    if (before?.status !== next.status || waitingIn(before).length !== waitingIn(next).length) run(refreshSessions);
  },
  onGone: () => run(openFromAddress),
  /** @param {'live' | 'lost'} connection */
  onConnection: showConnection,
};

/** @param {'live' | 'lost'} connection */
function showConnection(connection) {
  byId('connection').textContent = connection === 'lost' ? 'Reconnecting …' : '';
}

/** @param {any} next */
function showState(next) {
  state = next;
  const status = byId('status');
  status.textContent = statusText();
  status.className = `pill ${next?.status ?? ''}`;
  byId('stop').hidden = !isRunning();
  byId('send').textContent = isRunning() ? 'Guide' : 'Send';
  byId('flow').disabled = isRunning();
  input.placeholder = isRunning()
    ? 'Steer the agent: it reads this before its next step'
    : waitingIn(next).length > 0
      ? 'Answer above, or say something else instead'
      : 'Ask something';
  byId('hint').textContent = isRunning() ? 'Esc stops' : '';
  if (next?.flow) byId('flow').value = next.flow;
  const flow = flows.find(({ name }) => name === (next?.flow ?? byId('flow').value));
  view.speakerOf = speakersIn(flow);
  showFlow(flow, next?.trace, isRunning());
  showWaiting(waitingIn(next));
  showGuidance(sessionId ?? '', next?.pending_guidance ?? [], run);
  showBanner();
  showTitle();
}

function statusText() {
  if (state === undefined) return '';
  if (hasCrashed()) return 'crashed';
  if (state.status === 'waiting') return 'waits for you';
  const reason = state.trace?.ended?.reason;
  return reason && state.status !== 'completed' ? reason : state.status;
}

function showBanner() {
  const { text, act } = whatToContinue() ?? {};
  byId('banner').hidden = text === undefined;
  setText(byId('banner-text'), text ?? '');
  setText(byId('continue'), act ?? '');
}

/** @returns {{ text: string, act: string } | undefined} */
function whatToContinue() {
  if (hasCrashed())
    return { text: 'The server stopped in the middle of this run. Nothing that was said is lost.', act: 'Continue' };
  if (isAnsweredSince(2_000))
    return { text: 'Nothing waits for you any more, and the run has not gone on.', act: 'Continue' };
  const hasGuidance = (state?.pending_guidance ?? []).length > 0 && !isRunning() && state?.status !== 'waiting';
  return hasGuidance
    ? { text: 'Your guidance came too late for this run. It waits for the next one.', act: 'Answer it now' }
    : undefined;
}

/** The server goes on by itself, unless it was not there when it was answered, or nobody has answered in time. @param {number} ms */
function isAnsweredSince(ms) {
  const isAnswered = state?.status === 'waiting' && waitingIn(state).length === 0;
  if (!isAnswered) answeredAt = undefined;
  else if (answeredAt === undefined) {
    answeredAt = Date.now();
    setTimeout(showBanner, ms);
  }
  return answeredAt !== undefined && Date.now() - answeredAt >= ms;
}

function showTitle() {
  const first = [...tree.words.messages.values()].find(({ role }) => role === 'user');
  byId('title').textContent = first ? textOf(first.content).slice(0, 80) : 'New conversation';
}

/** Where several agents speak, each message says whose it is. @param {any} flow */
function speakersIn(flow) {
  const hasSeveral = JSON.stringify(flow ?? '').split('"node_type":"agent"').length > 2;
  return (message) => (hasSeveral && message.role === 'assistant' ? message.agent_name : undefined);
}

async function send() {
  const text = input.value.trim();
  if (text === '') return;
  input.value = '';
  grow();
  try {
    if (!isRunning()) await startRun(text);
    else await call(session(sessionId ?? '', '/inject_user_message'), { method: 'POST', body: { content: text } });
  } catch (error) {
    // The run has ended while this was on its way.
    if (error instanceof Refusal && error.code === 'session-not-live') return startRun(text);
    input.value = text;
    throw error;
  }
}

/** @param {string} message */
async function startRun(message) {
  const body = { message, flow: byId('flow').value };
  if (sessionId !== undefined) return call(session(sessionId, '/runs'), { method: 'POST', body });
  const { session_id } = await call('sessions', { method: 'POST', body });
  location.hash = session_id;
}

const refreshSessions = () => showSessions(sessionId, { open: (id) => (location.hash = id), run });

/** Does what was asked for, and says what went wrong. @param {() => Promise<unknown>} work */
function run(work) {
  said(work()).catch(() => {});
}

/** Says what went wrong, to the user too. @template T @param {Promise<T>} work @returns {Promise<T>} */
async function said(work) {
  try {
    return await work;
  } catch (error) {
    byId('hint').textContent = error instanceof Refusal ? error.message : 'The server cannot be reached.';
    throw error;
  }
}

function grow() {
  input.style.height = 'auto';
  input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
}

const stop = () => run(() => call(session(sessionId ?? '', '/interrupt'), { method: 'POST', body: {} }));

function closeDrawers() {
  document.body.classList.remove('show-sidebar', 'show-flow');
  byId('shade').hidden = true;
}

/** @param {string} name */
function toggleDrawer(name) {
  document.body.classList.toggle(name);
  byId('shade').hidden = !document.body.classList.contains(name);
}

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  run(send);
});
input.addEventListener('input', grow);
input.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  run(send);
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  if (!byId('shade').hidden) closeDrawers();
  else if (isRunning()) stop();
});
byId('stop').addEventListener('click', stop);
byId('continue').addEventListener('click', () =>
  run(() => call(session(sessionId ?? '', '/runs'), { method: 'POST', body: {} })),
);
byId('new').addEventListener('click', () => (location.hash === '' ? input.focus() : (location.hash = '')));
byId('flow').addEventListener('change', () =>
  showState(state && { ...state, flow: byId('flow').value, trace: undefined }),
);
byId('open-sidebar').addEventListener('click', () => toggleDrawer('show-sidebar'));
byId('open-flow').addEventListener('click', () => toggleDrawer('show-flow'));
byId('shade').addEventListener('click', closeDrawers);

run(begin);
