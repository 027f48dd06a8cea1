#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { type Arguments, parseArguments, usage } from "./arguments.js";
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
  else await run(given);
} catch (error) {
  if (!(error instanceof GenerateError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Loads only one part, because the one that reads syntax trees takes longer to load than an app takes to start. */
async function run(given: Arguments): Promise<void> {
  if (given.command === "dev") {
    const { runDev } = await import("./dev/run-dev.js");
    return runDev(given.args);
  }
  const { generate } = await import("./generate.js");
  process.stdout.write(generate(given, places));
}
