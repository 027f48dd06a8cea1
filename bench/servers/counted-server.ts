import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import type { Subject } from "../load/rounds.js";
import { MeasuredServer } from "./measured-server.js";
import type { ServerRole } from "./protocol.js";

/** A program that counts the instructions of a process. */
export type CounterKind = "perf" | "callgrind";

const succeeds = (command: string, args: readonly string[]) => {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 && !stderr.includes("<not ");
};

/** Returns the program that can count instructions here: the counter of the CPU, else callgrind, else `undefined`. */
export function findCounter(): CounterKind | undefined {
  if (succeeds("perf", ["stat", "-x,", "-e", "instructions:u", "true"])) return "perf";
  if (succeeds("valgrind", ["--version"])) return "callgrind";
  return undefined;
}

/**
 * V8 compiles and collects garbage on the main thread, at the same points in each run, and optimizes early: a program runs about 50
 * times slower under callgrind.
 */
const deterministic = [
  "--single-threaded",
  "--hash-seed=1",
  "--random-seed=1",
  "--interrupt-budget=30000",
  // A full collection costs as much as thousands of events, so it is put off.
  "--heap-growing-percent=1000",
];

/** How many samples are counted. */
const samples = 5;

/** A measured process whose instructions are counted. */
export class CountedServer {
  readonly server: MeasuredServer;
  readonly #counter: CounterKind;
  /** The folder in which callgrind writes. */
  readonly #folder: string;

  private constructor(server: MeasuredServer, counter: CounterKind, folder: string) {
    this.server = server;
    this.#counter = counter;
    this.#folder = folder;
  }

  static async start(role: ServerRole, counter: CounterKind): Promise<CountedServer> {
    const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
    const command = [process.execPath, "--expose-gc", ...deterministic, await bundleServer()];
    const valgrind = [
      "valgrind",
      "--tool=callgrind",
      "-q",
      "--instr-atstart=no",
      "--smc-check=all-non-file", // V8 changes its code
      `--callgrind-out-file=${folder}/out`,
    ];
    const pin = process.env.BENCH_PINNED ? ["taskset", "-c", "0,1"] : [];
    const under = [...pin, ...(counter === "callgrind" ? valgrind : [])];
    return new CountedServer(
      await MeasuredServer.start(role, [...under, ...command]),
      counter,
      folder,
    );
  }

  /** Returns the instructions of an operation: the median of samples. */
  async count(subject: Subject): Promise<number> {
    if (this.#counter === "callgrind") this.#control("instrumentation", "on");
    await subject.run();
    const counts: number[] = [];
    for (let sample = 0; sample < samples; sample++) counts.push(await this.#countOnce(subject));
    if (this.#counter === "callgrind") this.#control("instrumentation", "off");
    return counts.sort((a, b) => a - b)[samples >> 1] as number;
  }

  async stop(): Promise<void> {
    await this.server.kill(); // callgrind would take long to write what it has counted
    rmSync(this.#folder, { recursive: true });
  }

  async #countOnce(subject: Subject): Promise<number> {
    if (this.#counter === "perf") return countWithPerf(this.server.pid, subject);
    this.#control("zero");
    const operations = await subject.run();
    this.#control("dump");
    const files = readdirSync(this.#folder).map((name) => path.join(this.#folder, name));
    const texts = files.map((file) => readFileSync(file, "utf8"));
    for (const file of files) rmSync(file);
    const total = texts.map((text) => Number(/^(?:summary|totals): (\d+)/m.exec(text)?.[1] ?? 0));
    return Math.max(...total) / operations;
  }

  /** Sends a command to callgrind. */
  #control(...command: readonly string[]): void {
    const args = [`--pid=${this.server.pid}`, ...command];
    const { status, stderr } = spawnSync("vgdb", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`vgdb ${command.join(" ")} failed: ${stderr}`);
  }
}

/** Bundles the server, because callgrind would also slow down the compiler of TypeScript. */
async function bundleServer(): Promise<string> {
  const outfile = path.join(import.meta.dirname, "../../node_modules/.cache/bench-server.mjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "server.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return outfile;
}

/** Counts with the counter of the CPU while operations run. */
async function countWithPerf(pid: number, subject: Subject): Promise<number> {
  const args = ["stat", "-x,", "-e", "instructions:u", "-D", "-1", "--control", "fd:3,4"];
  const perf = spawn("perf", [...args, "-p", `${pid}`], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  let output = "";
  perf.stderr?.on("data", (chunk) => {
    output += chunk;
  });
  const [control, answers] = [perf.stdio[3], perf.stdio[4]];
  const ask = (command: string) =>
    new Promise((resolve) => {
      answers?.once("data", resolve);
      (control as NodeJS.WritableStream).write(`${command}\n`);
    });
  await ask("enable");
  const operations = await subject.run();
  await ask("disable");
  const ended = new Promise((resolve) => perf.once("close", resolve));
  perf.kill("SIGINT");
  await ended;
  return Number(output.split(",")[0]) / operations;
}
