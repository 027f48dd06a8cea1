import { type Name, type SchemaNames, toName } from "./names.js";

/** The names in the templates, which are files of the demo. `UserServices` does not contain the plural, and the header `User-Agent` no name. */
const TEMPLATE_WORDS = /[Aa]ccounts|ACCOUNTS|[Uu]sers(?![a-z])|USERS|[Uu]ser(?!-Agent)|USER/g;

/** Renames the demo's context and schema in the path of a file. */
export function renamePath(path: string, names: SchemaNames): string {
  return path.replaceAll(TEMPLATE_WORDS, (word) => nameOf(word, names).kebab);
}

/**
 * Renames the demo's context and schema in the text of a file. A name gets the style of its place: `store-owner` in
 * the path of a module, `store_owners` in a table, `store owner` in a comment, `storeOwner` in code.
 */
export function renameText(text: string, names: SchemaNames): string {
  const places = placesOf(text);
  return text.replaceAll(TEMPLATE_WORDS, (word, at: number) => {
    const name = nameOf(word, names);
    if (word === word.toUpperCase()) return name.snake.toUpperCase();
    if (word.charAt(0) !== word.charAt(0).toLowerCase()) return name.pascal;
    const place = places.find(({ start, end }) => start <= at && at < end)?.style;
    return name[place ?? styleBetween(text[at - 1], text[at + word.length])];
  });
}

/** Replaces the name of the demo, in cookies, titles and mails, with the name of an app: that of its package. */
export function renameSite(text: string, packageName: string): string {
  const { snake, prose } = toName(packageName.replace(/^@.*\//, "").replaceAll(".", "-"));
  const title = `${prose.charAt(0).toUpperCase()}${prose.slice(1)}`;
  return text
    .replaceAll("live_sessions", snake)
    .replaceAll(/(?<= · |name: ")Live sessions/g, title);
}

function nameOf(word: string, { context, singular, plural }: SchemaNames): Name {
  const lower = word.toLowerCase();
  if (lower === "accounts") return context;
  return lower === "users" ? plural : singular;
}

/** Returns the style of a name between two characters of code. */
function styleBetween(before = "", after = ""): "snake" | "kebab" | "camel" {
  if (before === "_" || after === "_" || before === "/" || after === "/") return "snake";
  if (before === "-" || after === "-") return "kebab";
  return before === '"' && /[".]/.test(after) ? "snake" : "camel";
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly style: "prose" | "kebab";
}

/** Finds the comments and the paths of modules. */
function placesOf(text: string): Place[] {
  const found = text.matchAll(
    /\/\*\*?[\s\S]*?\*\/|(?<![:"'`\w])\/\/ .*|(?<=from |import\()"[^"]+"/g,
  );
  return Array.from(found, (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    style: match[0].startsWith('"') ? "kebab" : "prose",
  }));
}
