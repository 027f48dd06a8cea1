#!/usr/bin/env node
import { cancel, intro, log, outro } from "@clack/prompts";
import { parseArguments, usage } from "./arguments.js";
import { createApp } from "./create-app.js";
import { CreateError } from "./create-error.js";
import { install } from "./install.js";
import { askForMissing } from "./questions.js";

try {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) {
    process.stdout.write(usage);
  } else {
    await create(given);
  }
} catch (error) {
  if (!(error instanceof CreateError)) throw error;
  cancel(error.message);
  process.exitCode = 1;
}

async function create(given: ReturnType<typeof parseArguments>): Promise<void> {
  intro("create-live-session");
  const answers = await askForMissing(given, process.stdin.isTTY === true);
  if (typeof answers === "symbol") {
    cancel("Nothing was written.");
    process.exitCode = 1;
    return;
  }
  const { name, files } = createApp(answers);
  log.success(`${name} has ${files.length} files in ${answers.folder}`);
  const command = given.packageManager;
  const isInstalled = answers.install && (await install(command, answers.folder));
  const steps = [
    ...(answers.folder === "." ? [] : [`cd ${answers.folder}`]),
    ...(isInstalled ? [] : [`${command} install`]),
    `${command} run dev`,
  ];
  outro(`Next: ${steps.join(" && ")}`);
}
