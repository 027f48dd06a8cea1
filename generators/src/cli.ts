#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./arguments.js";
import { generate } from "./generate.js";
import { GenerateError } from "./generate-error.js";

const templates = fileURLToPath(new URL("./templates", import.meta.url));

try {
  const given = parseArguments(process.argv.slice(2));
  process.stdout.write(given.help ? usage : generate(given, { root: ".", templates }));
} catch (error) {
  if (!(error instanceof GenerateError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
