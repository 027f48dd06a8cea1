import { existsSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** Environment variable with the folder of the test files that `npm test` has compiled. */
export const compiledVariable = "COMPILED_TESTS";

/** Scripts that tests start in processes of their own, as paths from the repository's top. */
export const processScripts: readonly string[] = [
  "adapter-koa/test/support/processes/refused-join.ts",
  "adapter-koa/test/support/processes/unhandled-message.ts",
  "demo/src/server.ts",
  "demo/test/support/migrate-process.ts",
  "examples/counter/server.js",
  "examples/drop-in/server.js",
  "examples/protected-area/server.ts",
  "examples/team/server.ts",
  "test/live/support/nested-server.ts",
];

/**
 * Returns the arguments for Node that run a script of this repository. `npm test` compiles `processScripts` once,
 * because loading hundreds of sources with `tsx` takes seconds in each process. Elsewhere the source runs.
 *
 * @param script - path from the repository's top, with `/`
 */
export function argsToRun(script: string): string[] {
  const folder = process.env[compiledVariable];
  const compiled = folder && path.join(folder, script.replace(/\.ts$/, ".js"));
  if (compiled && existsSync(compiled)) return ["--enable-source-maps", compiled];
  return ["--conditions=@live-session/source", "--import", "tsx", path.join(root, script)];
}
