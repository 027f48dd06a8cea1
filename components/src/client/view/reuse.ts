/**
 * Returns a JSON value equal to `next` that contains the equal parts of `old` by reference, so that `===` detects what
 * has changed.
 */
export function reuse<T>(old: unknown, next: T): T;
export function reuse(old: unknown, next: unknown): unknown {
  if (JSON.stringify(old) === JSON.stringify(next)) return old;
  const inOld = (key: string | number): unknown =>
    (old as Record<string, unknown> | null | undefined)?.[key];
  if (Array.isArray(next)) return next.map((item, i) => reuse(inOld(i), item));
  if (typeof next !== "object" || next === null) return next;
  return Object.fromEntries(
    Object.entries(next).map(([key, value]) => [key, reuse(inOld(key), value)]),
  );
}
