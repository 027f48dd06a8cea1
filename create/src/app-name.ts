import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { CreateError } from "./create-error.js";

const MAX_LENGTH = 100;
const RESERVED = ["node_modules", "favicon.ico", "test", "create-live-session", "live-session"];

/** The names of an app in its files. */
export interface AppName {
  /** The name of its package: `my-app`. */
  readonly name: string;
  /** The title of its pages: `My app`. */
  readonly title: string;
  /** The name of its database and of its cookie: `my_app`. */
  readonly database: string;
}

/**
 * Returns the names of the app in a folder.
 *
 * @throws CreateError when the folder cannot be the name of a package, or is not empty.
 */
export function appNameOf(folder: string): AppName {
  const name = path.basename(path.resolve(folder));
  const problem = problemOf(name) ?? folderProblem(folder);
  if (problem) throw new CreateError(problem);
  const words = name.split(/[-._]+/).filter((word) => word !== "");
  const text = words.join(" ");
  return {
    name,
    title: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    database: words.join("_"),
  };
}

/** Describes why a name cannot be the name of an app; undefined for a valid name. */
function problemOf(name: string): string | undefined {
  if (!/^[a-z][a-z0-9._-]*$/.test(name)) {
    return `the name of the app is not valid\nExpected: lower-case letters, digits, "-", "." and "_", starting with a letter\nGot: ${JSON.stringify(name)}`;
  }
  if (name.length > MAX_LENGTH) return `the name of the app has more than ${MAX_LENGTH} characters`;
  if (RESERVED.includes(name)) return `the name "${name}" is reserved`;
  return undefined;
}

/** Describes why an app cannot be written into a folder; undefined if it can. */
export function folderProblem(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return `${folder} is not a folder`;
  const [found] = readdirSync(folder).filter((file) => file !== ".git");
  return found === undefined
    ? undefined
    : `the folder ${folder} is not empty: it contains ${found}`;
}
