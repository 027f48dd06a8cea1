/** The first character of a part of a frame. No whole frame begins with it, because a frame is a JSON array. */
export const partMark = "+";

/** The size of a part, in UTF-16 units. Even a slow network delivers one within two seconds. */
const partLength = 16 * 1024;

/**
 * Splits a large frame. All parts but the last one begin with {@link partMark}. A browser reports a frame only when it
 * is complete; from the parts it sees that the connection works.
 */
export function toParts(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (text.length - start > partLength) {
    let end = start + partLength;
    // The two halves of a character outside of the Basic Multilingual Plane cannot be encoded separately.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end++;
    parts.push(partMark + text.slice(start, end));
    start = end;
  }
  parts.push(text.slice(start));
  return parts;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
