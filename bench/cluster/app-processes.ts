import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { freePort } from "../../adapter-koa/test/support/free-port.js";
import { compileTests } from "../../scripts/test-runner/compile-tests.js";
import { until } from "../load/until.js";
import type { FromProcesses, ProcessReport, ProcessRequest, ToProcesses } from "./protocol.js";

/** The options with which the app is started. */
export interface AppOptions {
  readonly processes: number;
  readonly redisUrl: string;
  readonly databaseUrl?: string;
  readonly drainSeconds?: number;
  /** The heartbeat of the presence, in milliseconds. */
  readonly heartbeat?: number;
}

const script = "bench/cluster/server.ts";
let compiling: Promise<string> | undefined;

/** Compiles the app once, because each process would need seconds to load its sources. @returns the path of the result */
async function compile(): Promise<string> {
  const { compiled, remove } = await compileTests([script]);
  process.on("exit", remove);
  return compiled(script);
}

/** Lets a process and those that it starts use all cores, although the load generator is pinned to one. */
function useAllCores({ pid }: ChildProcess): void {
  if (process.env.BENCH_PINNED) spawnSync("taskset", ["-acp", `0-${cpus().length - 1}`, `${pid}`]);
}

/** An app in several processes that share a port. */
export class AppProcesses {
  readonly port: number;
  /** The ids of the processes that listen. */
  readonly pids = new Set<number>();
  /** The processes that have ended, whether or not the load generator has sent them a signal. */
  readonly ended: number[] = [];
  readonly #first: ChildProcess;
  #requests = 0;
  readonly #replies = new Map<number, ProcessReport[]>();
  readonly #handles = new Map<number, number>();

  private constructor(first: ChildProcess, port: number) {
    this.#first = first;
    this.port = port;
    first.on("message", (message: FromProcesses) => this.#receive(message));
  }

  static async start(options: AppOptions): Promise<AppProcesses> {
    const port = await freePort();
    const { processes, redisUrl, databaseUrl, drainSeconds = 0, heartbeat = 2000 } = options;
    const env = {
      ...process.env,
      NODE_ENV: "production",
      WEB_CONCURRENCY: String(processes),
      PORT: String(port),
      REDIS_URL: redisUrl,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      DRAIN_SECONDS: String(drainSeconds),
      HEARTBEAT: String(heartbeat),
    };
    compiling ??= compile();
    const execArgv = ["--expose-gc", "--enable-source-maps"];
    const first = fork(await compiling, { execArgv, env });
    useAllCores(first);
    const app = new AppProcesses(first, port);
    try {
      await until(() => app.pids.size === processes, `${processes} processes listen`);
      await until(async () => (await app.reports()).every(isConnected), "connections to Redis");
    } catch (error) {
      app.kill();
      throw error;
    }
    return app;
  }

  /** Sends a request to a process, or to all. */
  send(request: ProcessRequest, pid?: number): number {
    const id = ++this.#requests;
    this.#first.send({ id, request, ...(pid !== undefined && { pid }) } satisfies ToProcesses);
    return id;
  }

  /** Returns the reports of all processes that listen, or of some. Waits until each has answered or ended. */
  async reports({ gc = false, of = this.pids as Iterable<number> } = {}): Promise<ProcessReport[]> {
    const id = this.send({ type: "report", gc });
    const replies: ProcessReport[] = [];
    this.#replies.set(id, replies);
    const expected = [...of];
    const isAnswered = (pid: number) =>
      !this.pids.has(pid) || replies.some((report) => report.pid === pid);
    await until(() => expected.every(isAnswered), "reports of all processes");
    this.#replies.delete(id);
    return replies.filter(({ pid }) => expected.includes(pid));
  }

  /** Returns how many resources keep the first process running. */
  async handlesOfFirst(): Promise<number> {
    const id = this.send({ type: "report" });
    await until(() => this.#handles.has(id), "a report of the first process");
    const handles = this.#handles.get(id) ?? 0;
    this.#handles.delete(id);
    return handles;
  }

  /** Sends a signal to one process. */
  signal(pid: number, signal: NodeJS.Signals): void {
    process.kill(pid, signal);
  }

  /** Replaces the processes one after the other, as a deployment does. Resolves when all are replaced. */
  async deploy(): Promise<void> {
    const former = [...this.pids];
    this.#first.kill("SIGHUP");
    await until(() => former.every((pid) => !this.pids.has(pid)), "a deployment", 300_000);
  }

  /** Ends all processes with one signal. @returns the exit code of the first process */
  async stop(): Promise<number | null> {
    const exited = once(this.#first, "exit");
    this.#first.kill("SIGTERM");
    const [code] = await exited;
    return code;
  }

  /** Ends everything at once. */
  kill(): void {
    for (const pid of this.pids) process.kill(pid, "SIGKILL");
    this.#first.kill("SIGKILL");
  }

  #receive(message: FromProcesses): void {
    switch (message.type) {
      case "listening":
        this.pids.add(message.pid);
        break;
      case "exit":
        this.pids.delete(message.pid);
        this.ended.push(message.pid);
        break;
      case "reply":
        this.#replies.get(message.id)?.push(message.report);
        break;
      default:
        this.#handles.set(message.id, message.handles);
    }
  }
}

const isConnected = ({ pubSub }: ProcessReport): boolean => pubSub.connected;
