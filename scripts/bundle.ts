import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build, type OutputFile } from "esbuild";
import { minify } from "terser";
import { hydrationOnly, minifiedStyles } from "./bundle-lit.js";
import { phoenixSocketOnly } from "./bundle-phoenix.js";

const directory = "components/dist/script";
const entry = "live-session.js";
const banner =
  "/*! @live-session/components, MIT. Includes Lit, BSD-3-Clause, and phoenix, MIT. */";

/** What the file of the script tag may weigh, minified and gzipped, in bytes. */
const limit = 26 * 1024;

/**
 * Bundles the elements and what every page needs into the one file of the script tag, and each module that
 * the client imports dynamically into a file beside it; prints their sizes. False if the first is over the
 * limit.
 *
 * @throws Error if it does not build, or if the first file needs another one before it can begin
 */
export async function buildBundle(): Promise<boolean> {
  const { outputFiles, metafile } = await build({
    // Imported for its elements: from a script tag nobody can import further.
    stdin: { contents: 'import "./components/src/index.ts"', resolveDir: ".", sourcefile: entry },
    outdir: directory,
    entryNames: path.parse(entry).name,
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.base.json",
    sourcemap: "external",
    legalComments: "none",
    plugins: [phoenixSocketOnly, hydrationOnly, minifiedStyles],
    logLevel: "warning",
    write: false,
    metafile: true,
  });
  const shared = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .find(({ kind }) => kind === "import-statement");
  // A module that two files have in common becomes a third one, which both would wait for.
  if (shared)
    throw new Error(`${shared.path} is shared; give the part what it needs as arguments instead`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const scripts = outputFiles.filter((file) => file.path.endsWith(".js"));
  const sizes = await Promise.all(scripts.map((script) => writeScript(script, outputFiles)));
  const size =
    sizes[scripts.findIndex((script) => path.basename(script.path) === entry)] ?? Infinity;
  if (size > limit) console.error(`✖ ${directory}/${entry} may weigh ${kilobytes(limit)} gzipped`);
  return size <= limit;
}

/** Minifies and writes one file and its source map; returns its size, gzipped. */
async function writeScript(script: OutputFile, files: readonly OutputFile[]): Promise<number> {
  const sourceMap = files.find((file) => file.path === `${script.path}.map`)?.text ?? "";
  // esbuild leaves unused code out, terser names and folds what remains better. No getter in it does anything,
  // and nobody asks a function how many arguments it takes.
  const { code = "", map = "" } = await minify(script.text, {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, lhs_constants: false, keep_fargs: false },
    format: { preamble: banner },
    sourceMap: { content: sourceMap },
  });
  writeFileSync(script.path, code);
  writeFileSync(`${script.path}.map`, map as string);
  const gzipped = gzipSync(code, { level: 9 }).length;
  const name = `${directory}/${path.basename(script.path)}`;
  console.log(`${name}: ${kilobytes(code.length)} minified, ${kilobytes(gzipped)} gzipped`);
  return gzipped;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`;
}
