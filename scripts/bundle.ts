import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build, type OutputFile, type Plugin } from "esbuild";
import { type MinifyOptions, minify } from "terser";
import { minifiedStyles } from "./bundle-styles.js";
import { cached } from "./cache.js";

const directory = "components/dist/script";
const entry = "live-session.js";
const banner = "/*! @live-session/components, MIT. Includes Lit, BSD-3-Clause. */";
const plotsBanner = "/*! @live-session/components, MIT. Includes uPlot, MIT. */";

const scriptEntry = "script-entry";

/** A script tag has no exports, so the import only defines the elements. */
const withoutExports: Plugin = {
  name: "without-exports",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${scriptEntry}$`) }, () => ({
      path: scriptEntry,
      namespace: scriptEntry,
    }));
    onLoad({ filter: /^/, namespace: scriptEntry }, () => ({
      contents: 'import "./components/src/index.ts"',
      resolveDir: path.resolve("."),
    }));
  },
};

/** Maximum size of the script-tag file, minified and gzipped, in bytes. */
const limit = 26 * 1024;

/**
 * Bundles the elements and the code that every page needs into the script-tag file, and each lazy module of the client
 * into its own file. Prints their sizes.
 *
 * @returns false if the script-tag file is above its limit
 * @throws Error if a file does not build, or if the script-tag file needs another file to start
 */
export async function buildBundle(): Promise<boolean> {
  const { outputFiles, metafile } = await build({
    entryPoints: [
      { in: scriptEntry, out: path.parse(entry).name },
      { in: "components/src/live-file-input.ts", out: "live-file-input" },
    ],
    outdir: directory,
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.base.json",
    sourcemap: "external",
    legalComments: "none",
    plugins: [withoutExports, minifiedStyles],
    logLevel: "warning",
    write: false,
    metafile: true,
  });
  const shared = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .find(({ kind }) => kind === "import-statement");
  // esbuild moves a module that two files share into a third file, and both would wait for it.
  if (shared)
    throw new Error(
      `${shared.path} is shared; pass its values to the lazy module as arguments instead`,
    );
  const plots = await bundlePlots();
  outputFiles.push(...plots);
  const scripts = outputFiles.filter((file) => file.path.endsWith(".js"));
  const minified = await Promise.all(scripts.map((script) => minifyScript(script, outputFiles)));
  // All files are written in one task, because other processes may read the folder.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const sizes = minified.map(writeScript);
  const size =
    sizes[scripts.findIndex((script) => path.basename(script.path) === entry)] ?? Infinity;
  if (size > limit) console.error(`✖ ${directory}/${entry} may weigh ${kilobytes(limit)} gzipped`);
  return size <= limit;
}

/** Bundles the plots of the dashboard with uPlot into a file of their own, which no other page loads. */
async function bundlePlots(): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    entryPoints: { dashboard: "components/src/dashboard/live-plot.ts" },
    outdir: directory,
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.base.json",
    sourcemap: "external",
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return outputFiles;
}

interface MinifiedScript {
  readonly path: string;
  readonly code: string;
  readonly map: string;
}

/** Minifies one file, unless it has been minified before. */
async function minifyScript(
  script: OutputFile,
  files: readonly OutputFile[],
): Promise<MinifiedScript> {
  const map = files.find((file) => file.path === `${script.path}.map`)?.text ?? "";
  // The tests of the packages build in a copy inside the repository, which finds Lit further above than the repository.
  const sourceMap = map.replaceAll(/(?<=")(\.\.\/)+(?=node_modules\/)/g, "../../../");
  // esbuild removes unused code, and terser compresses the rest further. The options assume that getters have no side
  // effects, that no code reads the length of a function, and that function expressions are not constructors.
  const options: MinifyOptions = {
    module: true,
    ecma: 2020,
    compress: {
      passes: 3,
      pure_getters: true,
      lhs_constants: false,
      keep_fargs: false,
      unsafe_arrows: true,
    },
    format: { preamble: /dashboard-[^/]*$/.test(script.path) ? plotsBanner : banner },
    sourceMap: { content: sourceMap },
  };
  const name = path.basename(script.path, ".js").replace(/-[A-Z0-9]{8}$/, "");
  const minified = await cached(name, { code: script.text, options }, async () => {
    const { code = "", map = "" } = await minify(script.text, options);
    return { code, map: map as string };
  });
  return { path: script.path, ...minified };
}

/** Writes one file and its source map. Returns its gzipped size. */
function writeScript({ path: file, code, map }: MinifiedScript): number {
  writeFileSync(file, code);
  writeFileSync(`${file}.map`, map);
  const gzipped = gzipSync(code, { level: 9 }).length;
  const name = `${directory}/${path.basename(file)}`;
  console.log(`${name}: ${kilobytes(code.length)} minified, ${kilobytes(gzipped)} gzipped`);
  return gzipped;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`;
}
