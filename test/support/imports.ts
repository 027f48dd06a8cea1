import { readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";
import { filesUnder } from "../../scripts/test-runner/test-files.js";

/** One import, or re-export, of a source file. */
export interface Import {
  /** The importing file, as a path from the repository's top. */
  readonly from: string;
  /** The imported file, as a path from the repository's top, or the name of the imported package. */
  readonly to: string;
  /** Whether the import does not exist at run time (`import type`). */
  readonly typeOnly: boolean;
  /** Whether the module is loaded on demand (`import()`). */
  readonly isDynamic: boolean;
}

const dynamic = "import(…)";

/** Returns the imports of a TypeScript file with the given path and content, in order. */
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
      isDynamic: statement === dynamic,
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
    if (literal?.[1] !== undefined) add(literal[1], dynamic);
  }
  return found;
}

/** Returns the imports of every TypeScript file under the `src` of the packages. */
export function readImports(root: string, packages: readonly string[]): Import[] {
  return packages
    .flatMap((name) => filesUnder(root, `${name}/src`))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => importsOf(file, readFileSync(path.join(root, file), "utf8")));
}

/** Returns the cycles among run-time imports. Each is the list of its files and ends with the first file again. */
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

/**
 * Finds groups of files of which each imports, directly or through others, every other one. Type imports count. Groups of
 * two files are left out.
 */
export function findGroups(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const reachableFrom = (start: string): Set<string> => {
    const reached = new Set<string>();
    const waiting = [start];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      for (const target of targets.get(file) ?? []) {
        if (reached.has(target)) continue;
        reached.add(target);
        waiting.push(target);
      }
    }
    return reached;
  };
  const reachable = new Map([...targets.keys()].map((file) => [file, reachableFrom(file)]));
  const groups = [...targets.keys()].map((file) =>
    [...(reachable.get(file) ?? [])].filter((other) => reachable.get(other)?.has(file)).sort(),
  );
  const distinct = new Map(groups.map((group) => [group.join(), group]));
  return [...distinct.values()].filter((group) => group.length > 2);
}
