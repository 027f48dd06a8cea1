import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** Test files compiled to JavaScript. */
export interface CompiledTests {
  /** Folder with the compiled files. */
  readonly folder: string;
  /** Returns the path of the compiled file that belongs to a source file. */
  compiled(file: string): string;
  /** Deletes the compiled files. */
  remove(): void;
}

/**
 * Compiles TypeScript files, and the sources that they import, once for all processes that run them. A module that
 * several files import is compiled into one shared chunk. Packages from `node_modules` stay where they are.
 *
 * @param files - paths from the current folder, with `/`
 * @throws Error if a file does not compile
 */
export async function compileTests(files: readonly string[]): Promise<CompiledTests> {
  const cache = path.resolve("node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, "tests-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await build({
      entryPoints: [...files],
      outdir: folder,
      outbase: ".",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      conditions: ["@live-session/source"],
      tsconfig: "tsconfig.base.json",
      sourcemap: "linked",
      sourcesContent: false,
      plugins: [keepLocations, keepPackagesOutside],
      logLevel: "warning",
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, compiled: (file) => path.join(folder, file.replace(/\.ts$/, ".js")), remove };
}

/** Lets modules find the files beside their sources: `import.meta` describes the source, not the compiled file. */
const keepLocations: Plugin = {
  name: "keep-locations",
  setup({ onLoad }) {
    onLoad({ filter: /\.[jt]s$/ }, ({ path: file }) => {
      const contents = readFileSync(file, "utf8")
        .replaceAll(/import\.meta\.dirname/g, JSON.stringify(path.dirname(file)))
        .replaceAll(/import\.meta\.filename/g, JSON.stringify(file))
        .replaceAll(/import\.meta\.url/g, JSON.stringify(pathToFileURL(file).href));
      return { contents, loader: file.endsWith(".ts") ? "ts" : "js" };
    });
  },
};

/** Compiles the packages of this repository, and imports all others from where the importing source finds them. */
const keepPackagesOutside: Plugin = {
  name: "keep-packages-outside",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, resolveDir, pluginData }) => {
      const isResolving = pluginData === keepPackagesOutside.name;
      if (isResolving || kind === "entry-point" || name.startsWith("@live-session/")) return;
      if (name.startsWith("node:")) return { path: name, external: true };
      const found = await resolve(name, { kind, resolveDir, pluginData: keepPackagesOutside.name });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: found.path, external: true };
    });
  },
};
