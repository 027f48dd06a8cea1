import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The last step of `npm ci` installs the binary of SQLite if it cannot be loaded. package.json does not allow the install
// script of better-sqlite3, because that optimizes SQLite where it cannot download the binary. Compiling with optimization
// takes more than a minute longer, and the tests are not faster with it. npm 10 runs that script nevertheless.
const require = createRequire(import.meta.url);
const folder = "node_modules/better-sqlite3";

// `npm ci --workspace=components` does not install it.
if (existsSync(folder) && !canBeLoaded()) {
  const { scripts } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const { status, stdout, stderr } = spawnSync(scripts.install, {
    cwd: folder,
    env: { JOBS: "max", ...compilerFlags(), ...process.env },
    shell: true,
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (status !== 0 || !canBeLoaded()) {
    console.error(`${stdout}${stderr}\nSQLite cannot be installed.`);
    process.exitCode = 1;
  }
}

/** Returns whether the binary exists and fits this version of Node. */
function canBeLoaded() {
  try {
    const Database = require("better-sqlite3");
    new Database(":memory:").close();
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the variables of make. Compilers for Windows ignore them. A server is optimized: it installs no tools. GCC takes half a
 * minute to check the indentation of SQLite's single file, although better-sqlite3 disables all of its warnings.
 */
function compilerFlags() {
  const isServer = process.env.npm_config_omit?.split(/\s/).includes("dev");
  const flags = isServer ? "" : "-O0";
  return { CFLAGS: `${flags} -Wno-misleading-indentation`, CXXFLAGS: flags };
}
