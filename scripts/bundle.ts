import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const bundle = "components/dist/live-session.bundle.js";

/** What the bundle may weigh, minified and gzipped, in bytes. */
const limit = 22 * 1024;

/**
 * Bundles the elements and all that they need into the one file of the script tag, and prints its size.
 *
 * @throws Error if it does not build, or weighs more than 22 KB.
 */
export async function buildBundle(): Promise<void> {
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
  if (gzipped > limit) throw new Error(`${bundle} weighs ${gzipped} bytes gzipped; the limit is ${limit}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`;
}
