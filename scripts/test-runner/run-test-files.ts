import { Transform } from "node:stream";
import { describe, mock } from "node:test";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { inspect } from "node:util";

// The process of a lane: runs the test files that it receives, one after the other, as suites of `node:test`.

/** Message of the process about the test file that runs. */
export type TestMessage =
  | { readonly type: "passed" | "skipped" }
  | { readonly type: "failed"; readonly failure: string }
  /** The process can run the next file. */
  | { readonly type: "ended"; readonly failures: readonly string[] };

/** Command to run a test file. */
export interface TestCommand {
  /** URL of the JavaScript to run. */
  readonly url: string;
  /** Environment variables of the file, besides those of the process. */
  readonly variables: Readonly<Record<string, string>>;
  /** How long the file may keep sockets, timers or processes after its last test, in milliseconds. */
  readonly settleTime: number;
}

/** Event of `node:test` for a test or suite. */
interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name: string;
    readonly nesting: number;
    readonly skip?: string | boolean | undefined;
    readonly todo?: string | boolean | undefined;
    readonly details: {
      readonly type?: string | undefined;
      readonly error?: (Error & { failureType?: string }) | undefined;
    };
  };
}

const send = (message: TestMessage) => process.send?.(message);
const late: unknown[] = [];
/** Waits until nothing of the running file is left, and resets the process. Returns what is left after a long time. */
let cleanUp: () => Promise<readonly string[]> = async () => [];

// Processes that tests fork do not report to this one.
process.execArgv = process.execArgv.filter((flag) => !flag.startsWith("--test-reporter"));
process.on("message", ({ url, variables, settleTime }: TestCommand) => {
  const resources = keepingAlive();
  describe(url, () => import(url));
  // The file begins in a later turn. Until now `node:test` has added listeners of its own.
  const restore = noteProcess();
  cleanUp = async () => {
    mock.timers.reset();
    mock.restoreAll();
    const left = await remainingResources(resources, settleTime);
    restore();
    return left;
  };
  watchLateErrors();
  Object.assign(process.env, variables);
  // A test that waits for nothing ends the process, and node:test then reports it.
  process.channel?.unref();
});
process.on("disconnect", () => process.exit());

const names: string[] = [];

/** The reporter of `node:test` in this process. */
const reporter = new Transform({
  writableObjectMode: true,
  transform({ type, data }: TestEvent, _encoding, done) {
    if (type === "test:start") names[data.nesting] = data.name;
    const ended = type === "test:pass" || type === "test:fail";
    // Level 0 is the file, whose name is not part of the titles.
    if (ended && data.nesting > 0)
      reportTest(data, type === "test:pass", names.slice(1, data.nesting + 1));
    else if (ended) void reportEnd(data, type === "test:pass");
    done();
  },
});
// biome-ignore lint/style/noDefaultExport: Node requires one.
export default reporter;

function reportTest(end: TestEvent["data"], passed: boolean, titles: readonly string[]): void {
  const { type, error } = end.details;
  if (end.skip !== undefined || end.todo !== undefined) send({ type: "skipped" });
  else if (!passed) reportFailure(error, `${titles.join(" › ")}\n`);
  else if (type !== "suite") send({ type: "passed" });
}

function reportFailure(error: TestEvent["data"]["details"]["error"], prefix = ""): void {
  if (error?.failureType === "subtestsFailed") return;
  send({ type: "failed", failure: prefix + describeError(error) });
}

async function reportEnd(end: TestEvent["data"], passed: boolean): Promise<void> {
  process.channel?.ref();
  // If the file was cancelled, its tests are reported as cancelled already.
  if (!passed && end.details.error?.failureType !== "cancelledByParent")
    reportFailure(end.details.error);
  const left = await cleanUp();
  const failures = late.splice(0).map(describeError);
  if (left.length > 0) failures.push(`the file has left open: ${left.join(", ")}`);
  send({ type: "ended", failures });
}

/** Waits until the file keeps nothing that would keep its process alive. Returns what it keeps after a long time. */
async function remainingResources(
  before: readonly string[],
  settleTime: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + settleTime;
  // Warnings are written in the next turn.
  await setImmediate();
  for (;;) {
    const left = keepingAlive();
    for (const name of before) if (left.includes(name)) left.splice(left.indexOf(name), 1);
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(5, undefined, { ref: false });
  }
}

/** Returns the types of active resources. Node lists sockets that are not read too, which keep no process alive. */
function keepingAlive(): string[] {
  return process.getActiveResourcesInfo().filter((name) => !/^(?:TCPSocket|Pipe)Wrap$/.test(name));
}

/** Collects errors that are thrown when their test has ended. `node:test` sets the exit code then. */
function watchLateErrors(): void {
  for (const event of ["uncaughtException", "unhandledRejection"])
    process.on(event, (error) => {
      if (process.exitCode === undefined) return;
      process.exitCode = undefined;
      late.push(error);
    });
}

/** Returns a function that resets listeners of the process and environment variables. */
function noteProcess(): () => void {
  const environment = { ...process.env };
  const listeners = new Map(process.eventNames().map((name) => [name, listenersOf(name)]));
  return () => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, environment);
    for (const name of new Set([...process.eventNames(), ...listeners.keys()])) {
      const [kept, current] = [listeners.get(name) ?? [], listenersOf(name)];
      for (const listener of current) if (!kept.includes(listener)) process.off(name, listener);
      for (const listener of kept) if (!current.includes(listener)) process.on(name, listener);
    }
  };
}

function listenersOf(name: string | symbol): ((...args: unknown[]) => void)[] {
  return process.rawListeners(name as "exit") as ((...args: unknown[]) => void)[];
}

/** Formats the error that a test threw, which `node:test` wraps as `cause`, without Node's own stack frames. */
function describeError(error: unknown): string {
  const thrown = (error instanceof Error && error.cause) || error;
  if (!(thrown instanceof Error)) return String(thrown);
  const failedAssertion = "code" in thrown && thrown.code === "ERR_ASSERTION";
  const text = failedAssertion && thrown.stack ? thrown.stack : inspect(thrown, { depth: 4 });
  return text.replaceAll(/\n +at .*node:internal.*?(?= \{$|$)/gm, "");
}
