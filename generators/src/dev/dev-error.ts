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

/** Finds the place of an error in the sources of an app. */
export function toDevError({ name, message, code, stack }: SentError, root: string): DevError {
  const found = placeIn(stack, root) ?? placeOfImport(message, root);
  if (!found) return { name, message, code, place: null, excerpt: [] };
  const { file, line } = found;
  return { name, message, code, place: `${file}:${line}`, excerpt: excerptOf(root, file, line) };
}

/** Returns the first line of a stack whose file belongs to the app rather than to a package. */
function placeIn(stack: string, root: string): { file: string; line: number } | undefined {
  for (const [, url = "", line] of stack.matchAll(/((?:file:\/\/)?\/[^\s():]+):(\d+)/g)) {
    const full = url.startsWith("file:") ? fileURLToPath(url) : url;
    const file = path.relative(root, full);
    if (!file.startsWith("..") && !file.includes("node_modules"))
      return { file, line: Number(line) };
  }
  return undefined;
}

/** Returns the line that imports a module that does not exist. Node names only the file. */
function placeOfImport(message: string, root: string): { file: string; line: number } | undefined {
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
