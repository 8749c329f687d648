/**
 * Keeps a scrolled element at its end while its content grows, for as long as its reader is there.
 *
 * @param {HTMLElement} scrolled
 * @param {HTMLElement} content what grows in it
 * @param {(isAtEnd: boolean) => void} [onMoved]
 * @returns {() => void} goes to the end
 */
export function stayAtEnd(scrolled, content, onMoved = () => {}) {
  let isAtEnd = true;
  let lastTop = 0;
  scrolled.addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = scrolled;
    const isNear = scrollHeight - scrollTop - clientHeight < 60;
    // Only who goes up leaves the end: content that has just grown leaves nobody behind.
    if (isNear || scrollTop < lastTop) isAtEnd = isNear;
    lastTop = scrollTop;
    onMoved(isAtEnd);
  });
  const toEnd = () => {
    isAtEnd = true;
    scrolled.scrollTop = scrolled.scrollHeight;
    onMoved(true);
  };
  new ResizeObserver(() => isAtEnd && toEnd()).observe(content);
  return toEnd;
}
