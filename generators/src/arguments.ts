import { parseArgs } from "node:util";
import { GenerateError } from "./generate-error.js";

/** How to call the command. */
export const usage = `Usage: npx live-session dev [src/server.ts]
       npx live-session gen GENERATOR …

  dev
      runs the app, and shows changes in open pages at once
  gen auth Accounts User users
      accounts: registration, log in, settings, mails
  gen live Catalog Product products name:string price:decimal
      pages to list, show, add, edit and delete the rows of a new table
  gen view About /about
      a view with its route and its test
  gen hook logVisits
      a hook with its test

Options:
  --magic-link   gen auth: put the login by mail before the password
  --no-live      gen auth: plain pages, without a connection
  --dry-run      show files and changes without writing them
  --force        overwrite files that differ
  --help         show this text
`;

/** The arguments of the command. */
export interface Arguments {
  readonly command: "dev" | "gen";
  /** The name of the generator; empty for "dev". */
  readonly generator: string;
  readonly args: readonly string[];
  /** Whether accounts put the login by mail before the password. */
  readonly magicLink: boolean;
  /** Whether the browser connects to the pages of accounts. */
  readonly live: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly help: boolean;
}

/**
 * Reads the arguments of the command.
 *
 * @throws GenerateError when an argument is unknown.
 */
export function parseArguments(given: readonly string[]): Arguments {
  const { values, positionals } = parse(given);
  const [command, ...rest] = positionals;
  const { "magic-link": magicLink = false, "dry-run": dryRun = false } = values;
  const { force = false, help = false } = values;
  const options = { magicLink, live: !values["no-live"], dryRun, force, help };
  if (command === "dev") return { command, generator: "", args: rest, ...options };
  const [generator = "", ...args] = rest;
  if (!help && (command !== "gen" || generator === "")) throw new GenerateError(usage.trimEnd());
  return { command: "gen", generator, args, ...options };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "magic-link": { type: "boolean" },
        "no-live": { type: "boolean" },
        "dry-run": { type: "boolean" },
        force: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new GenerateError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
