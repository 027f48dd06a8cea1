import { confirm, isCancel, select, text } from "@clack/prompts";
import { appNameOf } from "./app-name.js";
import type { Arguments, DatabaseName } from "./arguments.js";

const DEFAULT_FOLDER = "my-app";

/** The answers that are needed to create an app. */
export interface Answers {
  readonly folder: string;
  readonly database: DatabaseName;
  readonly install: boolean;
}

/**
 * Asks for the answers that the arguments do not contain. Uses the defaults with `--yes`, and where there is no
 * terminal.
 *
 * @returns the answers, or clack's symbol when the user has cancelled
 */
export async function askForMissing(
  given: Arguments,
  isTerminal: boolean,
): Promise<Answers | symbol> {
  const isAsking = isTerminal && !given.yes;
  const folder = given.folder ?? (isAsking ? await askFolder() : DEFAULT_FOLDER);
  if (isCancel(folder)) return folder;
  // Report a bad name before the next question.
  appNameOf(folder);
  const database = given.database ?? (isAsking ? await askDatabase() : "sqlite");
  if (isCancel(database)) return database;
  const install = given.install ?? (isAsking ? await askInstall(given.packageManager) : true);
  return isCancel(install) ? install : { folder, database, install };
}

function askFolder() {
  return text({
    message: "Where should the app be created?",
    initialValue: DEFAULT_FOLDER,
    validate: (value = "") => problemWith(value),
  });
}

function problemWith(folder: string): string | undefined {
  try {
    appNameOf(folder);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function askDatabase() {
  return select<DatabaseName>({
    message: "Which database should it use?",
    initialValue: "sqlite",
    options: [
      { value: "sqlite", label: "SQLite", hint: "a file, nothing to install" },
      { value: "mysql", label: "MySQL or MariaDB", hint: "a running server" },
    ],
  });
}

function askInstall(packageManager: string) {
  return confirm({ message: `Install the packages with ${packageManager}?` });
}
