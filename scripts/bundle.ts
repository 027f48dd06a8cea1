import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { hydrationOnly, minifiedStyles } from "./bundle-lit.js";
import { phoenixSocketOnly } from "./bundle-phoenix.js";

const bundle = "components/dist/live-session.bundle.js";
const banner = "/*! @live-session/components, MIT. Includes Lit, BSD-3-Clause, and phoenix, MIT. */";

/** What the bundle may weigh, minified and gzipped, in bytes. */
const limit = 22 * 1024;

/**
 * Bundles the elements and all that they need into the one file of the script tag, and prints its size.
 * False if that is over the limit.
 *
 * @throws Error if it does not build
 */
export async function buildBundle(): Promise<boolean> {
  const { outputFiles } = await build({
    // Imported for its elements: from a script tag nobody can import further.
    stdin: { contents: 'import "./components/src/index.ts"', resolveDir: "." },
    outfile: bundle,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.base.json",
    sourcemap: "external",
    legalComments: "none",
    plugins: [phoenixSocketOnly, hydrationOnly, minifiedStyles],
    logLevel: "warning",
    write: false,
  });
  const [sourceMap = "", script = ""] = outputFiles.map(({ text }) => text);
  // esbuild leaves unused code out, terser names and folds what remains better. No getter in it does anything.
  const { code = "", map = "" } = await minify(script, {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, lhs_constants: false },
    format: { preamble: banner },
    sourceMap: { content: sourceMap },
  });
  mkdirSync(path.dirname(bundle), { recursive: true });
  writeFileSync(bundle, code);
  writeFileSync(`${bundle}.map`, map as string);
  const gzipped = gzipSync(code, { level: 9 }).length;
  console.log(`${bundle}: ${kilobytes(code.length)} minified, ${kilobytes(gzipped)} gzipped`);
  if (gzipped > limit) console.error(`✖ ${bundle} may weigh ${kilobytes(limit)} gzipped`);
  return gzipped <= limit;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`;
}
