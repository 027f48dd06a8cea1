import { writeFileSync } from "node:fs";
import { toElementsPage } from "./elements-page.js";
import { analyzeElements } from "./manifest.js";
import { shell } from "./shell.js";

const typedoc = "scripts/typedoc/node_modules/typedoc/bin/typedoc";

// npm run docs [-- FOLDER]: writes the API reference from the doc comments, and the elements from their manifest.
const folder = process.argv[2] ?? "dist/reference";
const options = `--options scripts/typedoc/typedoc.json --out "${folder}"`;
if (!(await shell(`"${process.execPath}" ${typedoc} ${options}`))) process.exit(1);
const { modules } = await analyzeElements();
writeFileSync(`${folder}/elements.md`, toElementsPage(modules));
console.log(`${folder}/index.html, ${folder}/elements.md`);
