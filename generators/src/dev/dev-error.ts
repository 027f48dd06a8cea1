import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** An error of the app, as the overlay shows it. */
export interface DevError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  /** The first place of the stack in the app, such as `src/web/router.ts:12`; null if there is none. */
  readonly place: string | null;
  /** The lines around the place, each with its number. */
  readonly excerpt: readonly string[];
}

/** The parts of an error that the process of the app sends. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly stack: string;
}

const LINES_AROUND = 2;

/** Finds the place of an error in the sources of an app. `modules` are the paths of its modules. */
export function toDevError(
  { name, message, code, stack }: SentError,
  root: string,
  modules: Iterable<string> = [],
): DevError {
  const found =
    placeIn(stack, root) ?? placeOfImport(message, root) ?? placeInView(message, root, modules);
  if (!found) return { name, message, code, place: null, excerpt: [] };
  const { file, line } = found;
  return { name, message, code, place: `${file}:${line}`, excerpt: excerptOf(root, file, line) };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** Returns the first line of a stack whose file belongs to the app rather than to a package. */
function placeIn(stack: string, root: string): Place | undefined {
  for (const [, url = "", line] of stack.matchAll(/((?:file:\/\/)?\/[^\s():]+):(\d+)/g)) {
    const full = url.startsWith("file:") ? fileURLToPath(url) : url;
    const file = path.relative(root, full);
    if (!file.startsWith("..") && !file.includes("node_modules"))
      return { file, line: Number(line) };
  }
  return undefined;
}

/** Returns the line that imports a module that does not exist. Node names only the file. */
function placeOfImport(message: string, root: string): Place | undefined {
  const [, missing = "", importer = ""] =
    /^Cannot find (?:module|package) '([^']+)' imported from (.+)$/m.exec(message) ?? [];
  const file = path.relative(root, importer);
  const name = path.basename(missing, path.extname(missing));
  const lines = read(root, file).split("\n");
  const index = lines.findIndex((line) =>
    Array.from(line.matchAll(/(?:from|import)\W+['"](.+?)['"]/g)).some(
      ([, specifier = ""]) => path.basename(specifier, path.extname(specifier)) === name,
    ),
  );
  return index < 0 || file.startsWith("..") ? undefined : { file, line: index + 1 };
}

/**
 * Returns the line of the view that a message names, for errors that the library finds when no code of the view runs: the
 * line with the part of the template or the event that the message quotes, or the start of the view.
 */
function placeInView(message: string, root: string, modules: Iterable<string>): Place | undefined {
  const words = new Set(message.match(/\w+/g));
  for (const module of modules) {
    const file = path.relative(root, module);
    const source = read(root, file);
    const view = Array.from(source.matchAll(/\blive(?:View|Component)\(\s*"(\w+)"/g)).find(
      ([, name = ""]) => words.has(name),
    );
    if (!view) continue;
    const rest = source.slice(view.index);
    const [, template, event = ""] = /after `([^`]+)`|^Got: (".+")$/m.exec(message) ?? [];
    // The part of the template is followed by a value.
    const quoted = template ? `${patternOf(template)}\\s*\\$\\{` : patternOf(event);
    const found = new RegExp(quoted).exec(rest);
    const at = found ? found.index + found[0].length : 0;
    return { file, line: source.slice(0, view.index + at).split("\n").length };
  }
  return undefined;
}

/** Returns the pattern of a quoted string, in which white space of the source may be longer. */
function patternOf(quoted: string): string {
  const words = quoted.trim().split(/\s+/);
  return words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
}

function read(root: string, file: string): string {
  try {
    return readFileSync(path.join(root, file), "utf8");
  } catch {
    return "";
  }
}

function excerptOf(root: string, file: string, line: number): string[] {
  const source = read(root, file);
  if (source === "") return [];
  const first = Math.max(0, line - 1 - LINES_AROUND);
  return source
    .split("\n")
    .slice(first, line + LINES_AROUND)
    .map((text, index) => {
      const number = first + index + 1;
      return `${number === line ? ">" : " "} ${String(number).padStart(4)} | ${text}`;
    });
}
