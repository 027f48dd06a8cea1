#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./arguments.js";
import { runDev } from "./dev/run-dev.js";
import { generate } from "./generate.js";
import { GenerateError } from "./generate-error.js";

const folderOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const places = {
  root: ".",
  templates: folderOf("./templates"),
  liveTemplates: folderOf("../templates"),
};

try {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) process.stdout.write(usage);
  else if (given.command === "dev") await runDev(given.args);
  else process.stdout.write(generate(given, places));
} catch (error) {
  if (!(error instanceof GenerateError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
