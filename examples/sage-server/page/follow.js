/** The server sends something every 15 s; a connection that says nothing for longer is dead. */
const silentMs = 40_000;
const firstWaitMs = 300;
const longestWaitMs = 5_000;

/**
 * Follows a session from a cursor, for ever: whatever happens to the connection, it comes back and asks for what it missed.
 *
 * @param {string} sessionId
 * @param {{ cursor: () => number, onChunks: (chunks: any[]) => void, onState: (state: any) => void, onGone: () => void,
 *   onConnection: (state: 'live' | 'lost') => void }} handlers
 * @returns {() => void} ends it
 */
export function follow(sessionId, { cursor, onChunks, onState, onGone, onConnection }) {
  /** @type {EventSource | undefined} */
  let source;
  let waitMs = firstWaitMs;
  let timer = 0;
  let silence = 0;

  const connect = () => {
    const mine = new EventSource(`/api/sessions/${encodeURIComponent(sessionId)}/events?after=${cursor()}`);
    source = mine;
    /** @param {(data: any) => void} handle */
    const on =
      (handle) =>
      (/** @type {MessageEvent} */ { data }) => {
        alive();
        handle(JSON.parse(data));
      };
    mine.addEventListener('open', () => {
      waitMs = firstWaitMs;
      onConnection('live');
      alive();
    });
    mine.addEventListener('chunks', on(onChunks));
    mine.addEventListener('state', on(onState));
    mine.addEventListener(
      'heartbeat',
      on(() => {}),
    );
    mine.addEventListener(
      'gone',
      on(() => (stop(), onGone())),
    );
    mine.addEventListener('error', reconnect);
    alive();
  };
  const reconnect = () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(silence);
    onConnection('lost');
    timer = setTimeout(connect, waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  };
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(reconnect, silentMs);
  };
  const stop = () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(silence);
    removeEventListener('online', hurry);
  };
  const hurry = () => {
    waitMs = firstWaitMs;
    reconnect();
  };
  addEventListener('online', hurry);
  connect();
  return stop;
}
