const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** A JSON value equal to `next`, made of what `old` has of it, so that `===` tells what changed. */
export function reuse<T>(old: unknown, next: T): T {
  if (!isObject(old) || !isObject(next) || Array.isArray(old) !== Array.isArray(next)) return next;
  const keys = Object.keys(next);
  let isSame = keys.length === Object.keys(old).length;
  const result: Record<string, unknown> | unknown[] = Array.isArray(next) ? [] : {};
  for (const key of keys) {
    const value = reuse(old[key], next[key]);
    if (value !== old[key]) isSame = false;
    Object.assign(result, { [key]: value });
  }
  return (isSame ? old : result) as T;
}
