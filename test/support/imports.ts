import { readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";
import { filesUnder } from "../../scripts/test-files.js";

/** One import, or re-export, of a source file. */
export interface Import {
  /** The importing file, as a path from the repository's top. */
  readonly from: string;
  /** The imported file, as a path from the repository's top, or the other package as it is named there. */
  readonly to: string;
  /** True if nothing of it is left at run time (`import type`). */
  readonly typeOnly: boolean;
}

/** The imports of a TypeScript file with the given path and content, in order. */
export function importsOf(file: string, code: string): Import[] {
  const { module } = parseSync(file, code);
  const found: Import[] = [];
  const add = (name: string, statement: string) => {
    const to = name.startsWith(".") ? path.posix.join(path.posix.dirname(file), name) : name;
    const typeOnly = /^(import|export)\s+type\b/.test(statement);
    found.push({
      from: file,
      to: name.startsWith(".") ? to.replace(/\.js$/, ".ts") : to,
      typeOnly,
    });
  };
  for (const { start, end, moduleRequest } of module.staticImports) {
    add(moduleRequest.value, code.slice(start, end));
  }
  for (const { start, end, entries } of module.staticExports) {
    for (const name of new Set(entries.flatMap((entry) => entry.moduleRequest?.value ?? []))) {
      add(name, code.slice(start, end));
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^["'`]([^"'`$]*)["'`]$/.exec(
      code.slice(moduleRequest.start, moduleRequest.end),
    );
    if (literal?.[1] !== undefined) add(literal[1], "import(…)");
  }
  return found;
}

/** The imports of every TypeScript file under a package's `src`. */
export function readImports(root: string, packages: readonly string[]): Import[] {
  return packages
    .flatMap((name) => filesUnder(root, `${name}/src`))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => importsOf(file, readFileSync(path.join(root, file), "utf8")));
}

/** The cycles among imports that are there at run time, each as the files on it, from the first again to it. */
export function findCycles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: string[]) => {
    const at = trail.indexOf(file);
    if (at >= 0) cycles.push([...trail.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}
