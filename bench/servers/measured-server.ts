import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ServerReport, ServerRequest, ServerRole } from "./protocol.js";

const script = fileURLToPath(new URL("./server.ts", import.meta.url));

/** The command that runs the server on its own core. */
function pinnedNode(): string[] {
  const pin = process.env.BENCH_PINNED ? ["taskset", "-c", "0"] : [];
  const profile = process.env.BENCH_PROFILE
    ? ["--cpu-prof", `--cpu-prof-dir=${process.env.BENCH_PROFILE}`]
    : [];
  return [...pin, process.execPath, "--expose-gc", ...profile, "--import", "tsx", script];
}

/** A measured process. It has its own core if the system can pin processes. */
export class MeasuredServer {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts a process. @param program another program that runs the server, with its arguments */
  static async start(role: ServerRole, program?: readonly string[]): Promise<MeasuredServer> {
    const [command = "", ...args] = [...(program ?? pinnedNode()), role];
    const child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    const [report] = (await once(child, "message")) as [ServerReport];
    return new MeasuredServer(child, report.port as number);
  }

  /** The id of the process. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Sets the HTML of every page of bare Koa. */
  serve(html: string): void {
    this.#send({ type: "serve", html });
  }

  /** Returns the CPU time so far in microseconds, and in bytes the resident memory and the memory of objects and buffers. */
  async measure({ gc = false } = {}): Promise<{ cpu: number; rss: number; heap: number }> {
    this.#send({ type: "measure", gc });
    const [report] = (await once(this.#child, "message")) as [ServerReport];
    return { cpu: report.cpu ?? 0, rss: report.rss ?? 0, heap: report.heap ?? 0 };
  }

  /** Makes the server send a number to every socket or subscriber. */
  tick(n: number): void {
    this.#send({ type: "tick", n });
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, "exit");
  }

  /** Ends the process at once, as a crash does. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  #send(request: ServerRequest): void {
    this.#child.send(request);
  }
}
