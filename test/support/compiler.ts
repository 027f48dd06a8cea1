import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** Runs TypeScript with the `tsconfig.json` of a folder. Returns its output. One checker takes the least CPU time. */
export function runCompiler(folder: string): string {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "--pretty", "false", "--checkers", "1", "-p", folder];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
}

/** Checks files in a folder with the options of this repository. Returns the errors; writes a `tsconfig.json` there. */
export function typeErrorsIn(folder: string, files: readonly string[]): string[] {
  const config = {
    extends: path.join(root, "tsconfig.json"),
    compilerOptions: { rootDir: root },
    files,
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
  return runCompiler(folder).split(/\n(?!\s)/);
}
