import { parseArgs } from "node:util";
import { CreateError } from "./create-error.js";

/** The databases that an app can use. */
export const databases = ["sqlite", "mysql"] as const;

/** A database that an app can use. */
export type DatabaseName = (typeof databases)[number];

/** The arguments of the command. The command asks for those that are undefined. */
export interface Arguments {
  readonly folder: string | undefined;
  readonly database: DatabaseName | undefined;
  readonly install: boolean | undefined;
  /** Whether to use the defaults instead of asking. */
  readonly yes: boolean;
  readonly help: boolean;
  /** The program that installs packages: the one that runs this command. */
  readonly packageManager: string;
}

/** How to call the command. */
export const usage = `Usage: npm create live-session@latest [folder] [-- options]

Options:
  --database sqlite|mysql  the database of the app (default: sqlite)
  --no-install             do not install the packages
  --yes                    use the defaults instead of asking
  --help                   show this text
`;

/**
 * Reads the arguments of the command.
 *
 * @throws CreateError when an argument is unknown or has an invalid value.
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const { database, yes = false, help = false, "no-install": skipped } = values;
  if (positionals.length > 1) {
    throw new CreateError(
      `there is more than one folder\nExpected: one folder\nGot: ${positionals.join(" ")}`,
    );
  }
  if (database !== undefined && !isDatabase(database)) {
    throw new CreateError(
      `option "--database" is not a database\nExpected: ${databases.join(" or ")}\nGot: ${database}`,
    );
  }
  return {
    folder: positionals[0],
    database,
    install: skipped ? false : undefined,
    yes,
    help,
    packageManager: packageManagerOf(process.env.npm_config_user_agent),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        database: { type: "string" },
        "no-install": { type: "boolean" },
        yes: { type: "boolean", short: "y" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new CreateError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function isDatabase(name: string): name is DatabaseName {
  return (databases as readonly string[]).includes(name);
}

/** Returns the package manager of a user agent such as `pnpm/9.1.0 npm/? node/v22`; npm by default. */
export function packageManagerOf(userAgent = ""): string {
  const [name = ""] = userAgent.split("/");
  return ["npm", "pnpm", "yarn", "bun"].includes(name) ? name : "npm";
}
