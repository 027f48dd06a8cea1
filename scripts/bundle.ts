import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const bundle = "components/dist/live-session.bundle.js";

/** What the bundle may weigh, minified and gzipped, in bytes. */
const limit = 22 * 1024;

/**
 * Bundles the elements and all that they need into the one file of the script tag, and prints its size.
 * False if that is over the limit.
 *
 * @throws Error if it does not build
 */
export async function buildBundle(): Promise<boolean> {
  await build({
    entryPoints: ["components/src/index.ts"],
    outfile: bundle,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    tsconfig: "tsconfig.base.json",
    sourcemap: "external",
    legalComments: "none",
    banner: { js: "/*! @live-session/components, MIT. Includes Lit, BSD-3-Clause, and phoenix, MIT. */" },
    logLevel: "warning",
  });
  const code = readFileSync(bundle);
  const gzipped = gzipSync(code, { level: 9 }).length;
  console.log(`${bundle}: ${kilobytes(code.length)} minified, ${kilobytes(gzipped)} gzipped`);
  if (gzipped > limit) console.error(`✖ ${bundle} may weigh ${kilobytes(limit)} gzipped`);
  return gzipped <= limit;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`;
}
