import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type AppName, appNameOf } from "./app-name.js";
import type { DatabaseName } from "./arguments.js";
import { readTemplate } from "./template.js";

/** An app that has been written. */
export interface CreatedApp extends AppName {
  /** The paths of its files, sorted. */
  readonly files: readonly string[];
}

/** Options of `createApp`. */
export interface AppOptions {
  readonly folder: string;
  readonly database: DatabaseName;
  /** The folder with the files that the app shares with the demo; by default in this package. */
  readonly shared?: string | undefined;
}

/**
 * Writes a new app into a folder.
 *
 * @throws CreateError when the folder cannot be the name of a package, or is not empty.
 */
export function createApp({ folder, database, shared }: AppOptions): CreatedApp {
  const names = appNameOf(folder);
  const files = readTemplate(names, database, shared);
  for (const [file, content] of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return { ...names, files: [...files.keys()].sort() };
}
