import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian installs PostgreSQL, one folder for each version. */
const postgres = "/usr/lib/postgresql";

/** Returns the path of a program, if it is installed. */
export function findProgram(name: string): string | undefined {
  const versions = existsSync(postgres) ? readdirSync(postgres) : [];
  return [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map((version) => join(postgres, version, "bin")),
  ]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/**
 * Returns why tests that need a program are skipped, or `false` if it is installed.
 *
 * @throws if it is missing and `REQUIRE_SERVICES` is 1
 */
export function skipWithout(name: string): string | false {
  if (findProgram(name)) return false;
  const reason = `${name} is not installed`;
  if (process.env.REQUIRE_SERVICES === "1") throw new Error(`${reason}, and REQUIRE_SERVICES is 1`);
  return reason;
}
