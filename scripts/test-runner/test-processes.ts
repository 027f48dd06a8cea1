import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type FileResult, refuseOutput } from "./file-result.js";
import { argsToRun } from "./process-script.js";
import type { TestCommand, TestMessage } from "./run-test-files.js";
import { emptyTally } from "./tally.js";

/** Limits of test files, in milliseconds. */
export interface TestLimits {
  /** Longest time that one test file may take. */
  readonly fileTimeout: number;
  /** How long a file may keep sockets, timers or processes after its last test. */
  readonly settleTime: number;
}

const defaultLimits: TestLimits = { fileTimeout: 600_000, settleTime: 60_000 };

/** The script of a process that runs test files. `npm test` compiles it. */
export const testScript = "scripts/test-runner/run-test-files.ts";

/**
 * Processes that run test files with `node:test`. Each process runs one file at a time, and many one after the other,
 * because starting Node and loading the modules that files share takes longer than most files. A process gets the flags
 * of this one.
 */
export class TestProcesses {
  readonly #idle: TestProcess[] = [];
  readonly #limits: TestLimits;

  constructor(limits: TestLimits = defaultLimits) {
    this.#limits = limits;
  }

  /**
   * Runs a test file in an idle process, or in a new one. A file that has no test, crashes, does not end, leaves a server
   * or a timer running or writes unexpected output counts as a failure. The next file gets another process then.
   *
   * @param file - path of the source, for the report
   * @param compiled - path of the JavaScript to run
   * @param variables - environment variables of the file, besides those of this process
   */
  async run(
    file: string,
    compiled = file,
    variables: TestCommand["variables"] = {},
  ): Promise<FileResult> {
    const process = this.#idle.pop() ?? new TestProcess();
    const command = { url: pathToFileURL(compiled).href, variables };
    const result = await process.run(file, command, this.#limits);
    if (result.tally.failed === 0) this.#idle.push(process);
    else await process.end();
    return result;
  }

  /** Ends all processes. */
  async end(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((process) => process.end()));
  }
}

class TestProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  #output = "";

  constructor() {
    const args = argsToRun(testScript);
    const reporter = pathToFileURL(args.at(-1) ?? "").href;
    this.#child = spawn(
      process.execPath,
      // One argument, so that processes that tests fork do not get a part of it.
      [...process.execArgv, `--test-reporter=${reporter}`, ...args],
      {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk) => {
        this.#output += chunk;
      });
    this.#closed = once(this.#child, "close");
  }

  async run(
    file: string,
    command: Pick<TestCommand, "url" | "variables">,
    { fileTimeout, settleTime }: TestLimits,
  ): Promise<FileResult> {
    const started = performance.now();
    const tally = emptyTally();
    const failures: string[] = [];
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), fileTimeout);
    const ended = this.#receive((message) => {
      if (message.type === "failed") failures.push(message.failure);
      else if (message.type === "ended") failures.push(...message.failures);
      else tally[message.type]++;
    });
    this.#child.send({ ...command, settleTime } satisfies TestCommand);
    const early = await Promise.race([ended, this.#closed]);
    clearTimeout(timer);
    // Output of the file is in the pipe when its last message arrives.
    await setImmediate();
    if (tally.passed + tally.skipped + failures.length === 0) failures.push("the file ran no test");
    else if (early) failures.push(`its process ended too early: ${early.join(" ").trim()}`);
    tally.failed = failures.length;
    const output = this.#output;
    this.#output = "";
    return refuseOutput({ file, tally, failures, output, took: performance.now() - started });
  }

  /** Receives messages until the file has ended. */
  #receive(note: (message: TestMessage) => void): Promise<void> {
    return new Promise((resolve) => {
      const onMessage = (message: TestMessage) => {
        note(message);
        if (message.type !== "ended") return;
        this.#child.off("message", onMessage);
        resolve();
      };
      this.#child.on("message", onMessage);
    });
  }

  async end(): Promise<void> {
    if (!this.#child.connected) return;
    // Node emits no "close" if this process closes the channel.
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }
}
