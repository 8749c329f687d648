/**
 * Acts when an element first comes into sight, or near to it.
 *
 * @param {Element} target
 * @param {() => void} act
 */
export function onceSeen(target, act) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      act();
    },
    { rootMargin: '300px' },
  );
  observer.observe(target);
}
