import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { AttackReport, AttackRequest, ServerRequest, ServerState } from "./protocol.js";

const node = ["--conditions=@live-session/source", "--import", "tsx"];
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Resolves with the next message of a process. Ends this process if that one ends instead. */
async function received<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, "message");
  return message;
}

function endWith(child: ChildProcess, name: string): void {
  child.on("exit", (code, signal) => {
    if (!code && !signal) return;
    console.error(`✖ ${name} ended with ${code ?? signal}`);
    process.exit(1);
  });
}

/** The process of the server. */
export class SoakServer {
  readonly port: number;
  /** The output of the server on its standard error, which must be empty. */
  stderr = "";
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
      process.stderr.write(chunk);
    });
  }

  static async start(): Promise<SoakServer> {
    const child = fork(script("server.ts"), {
      execArgv: ["--expose-gc", ...node],
      stdio: ["ignore", "inherit", "pipe", "ipc"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    endWith(child, "the server");
    const { port } = await received<ServerState>(child);
    return new SoakServer(child, port);
  }

  /** Returns the state at once, with the longest delay since the last report. */
  report(): Promise<ServerState> {
    return this.#ask("report");
  }

  /** Returns the state after its connections have ended and its garbage is collected, at the latest after 20 seconds. */
  async settled(handles: number): Promise<ServerState> {
    const end = performance.now() + 20_000;
    for (;;) {
      const state = await this.#ask("measure");
      const isSettled = state.connections === 0 && state.handles <= handles;
      if (isSettled || performance.now() > end) return state;
      await setTimeout(100);
    }
  }

  async stop(): Promise<void> {
    await this.#ask("stop");
    this.#child.disconnect();
  }

  #ask(request: ServerRequest): Promise<ServerState> {
    this.#child.send(request);
    return received(this.#child);
  }
}

/** The process that attacks the server. */
export class AttackingProcess {
  readonly #child: ChildProcess;

  constructor(port: number) {
    this.#child = fork(script("attacker.ts"), [String(port)], { execArgv: node });
    endWith(this.#child, "the attacker");
  }

  /** Repeats an attack for a time. Without a name, only uses the CPU. */
  run(name: string | undefined, ms: number): Promise<AttackReport> {
    this.#child.send({ ms, ...(name !== undefined && { name }) } satisfies AttackRequest);
    return received(this.#child);
  }

  stop(): void {
    this.#child.disconnect();
  }
}
