import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";

/** A step of a guide: write a file or run a command. */
export type Step =
  | { readonly file: string; readonly code: string }
  | { readonly program: string; readonly args: readonly string[] };

const fence = /^```(js|sh)\n(.*?)^```$/gms;

/**
 * Returns the steps in the section of a heading, in order: its `js` blocks, whose first line names the file, and the
 * lines of its `sh` blocks.
 *
 * @throws Error if a `js` block names no file
 */
export function stepsOf(text: string, heading: string): Step[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return Array.from(section.matchAll(fence)).flatMap(([, language, code = ""]): Step[] => {
    if (language === "sh") return code.trimEnd().split("\n").map(toCommand);
    const file = /^\/\/ ([\w.-]+)\n/.exec(code)?.[1];
    if (file === undefined) throw new Error(`a block names no file:\n${code}`);
    return [{ file, code }];
  });
}

function toCommand(line: string): Step {
  const [program = "", ...args] = line.split(" ");
  return { program, args };
}

/** Follows the steps of a guide in a folder. */
export class Reader {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #names: Readonly<Record<string, string>>;
  readonly #running: ChildProcess[] = [];
  /** Output of the commands. */
  terminal = "";

  /** `names` maps package names to the specifiers that are installed instead. */
  constructor(folder: string, port: number, names: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = { ...process.env, PORT: `${port}`, NODE_TEST_CONTEXT: undefined };
    this.#names = names;
  }

  /** Performs the steps in order. `node --watch` keeps running. */
  async follow(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if ("file" in step) writeFileSync(path.join(this.#folder, step.file), step.code);
      else await this.#run(step.program, step.args);
    }
  }

  async #run(program: string, args: readonly string[]): Promise<void> {
    const isNode = program === "node";
    const command = spawn(
      isNode ? process.execPath : program,
      args.map((arg) => this.#names[arg] ?? arg),
      {
        cwd: this.#folder,
        env: this.#env,
        shell: !isNode && process.platform === "win32", // On Windows npm is a batch file.
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#running.push(command);
    for (const output of [command.stdout, command.stderr]) {
      output.on("data", (chunk) => {
        this.terminal += chunk;
      });
    }
    if (args.includes("--watch")) return;
    const [code] = await once(command, "close");
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${this.terminal}`);
  }

  /** Ends the commands that are still running. */
  async stop(): Promise<void> {
    for (const command of this.#running) {
      if (command.exitCode !== null || command.signalCode !== null) continue;
      command.kill();
      await once(command, "close");
    }
  }
}
