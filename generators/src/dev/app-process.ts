import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ChildMessage, StartMessage } from "./child/stand-by.js";
import { withoutStarts } from "./child/start-url.js";
import type { SentError } from "./dev-error.js";

const POLL_MS = 15;
const KILL_MS = 2000;
/** How long an app that could not be loaded may keep its process alive. */
const FAILED_MS = 200;
/** The number of starts after which the process is replaced, because the modules of earlier starts remain in memory. */
const MAX_STARTS = 100;

/** Options of an `AppProcess`. */
export interface AppProcessOptions {
  /** The folder of the app. */
  readonly root: string;
  /** Called for each error of the app. */
  readonly onError: (error: SentError, process: AppProcess) => void;
  /** Called for each module that the app has loaded and that does not belong to a package. */
  readonly onModule: (file: string) => void;
  /** Called for what the app prints. */
  readonly print: (text: string) => void;
}

/** A process that has loaded the packages of an app and runs the app, once or several times. */
export class AppProcess {
  readonly #child: ChildProcess;
  /** The number of starts so far. */
  starts = 0;
  #state: "loading" | "ready" | "running" | "failed" | "ended" = "loading";
  #whenSettled: (() => void)[] = [];

  constructor({ root, onError, onModule, print }: AppProcessOptions) {
    const module = new URL("./child/stand-by.js", import.meta.url).href;
    // Code of --eval imports packages from the current folder, like the app.
    const code = `(await import(${JSON.stringify(module)})).standBy((name) => import(name));`;
    this.#child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const output of [this.#child.stdout, this.#child.stderr])
      output?.on("data", (text) => print(withoutStarts(String(text))));
    this.#child.on("message", (message: ChildMessage) => {
      if (message.type === "module") onModule(message.file);
      else if (message.type === "ready") this.#settle("ready");
      else {
        if (message.type === "failed") this.#state = "failed";
        onError(message.error, this);
      }
    });
    this.#child.once("exit", () => this.#settle("ended"));
  }

  /** Whether the process has ended. */
  get hasEnded(): boolean {
    return this.#state === "ended";
  }

  /** Starts the app. Resolves with its port when it listens, or with null if it has failed or ended instead. */
  async start(entry: string, variables: StartMessage["variables"]): Promise<number | null> {
    const port = await freePort();
    await this.#settled();
    if (this.hasEnded) return null;
    this.#state = "running";
    this.starts++;
    this.#child.send({
      entry,
      variables: { ...variables, PORT: `${port}` },
    } satisfies StartMessage);
    while (this.#isRunning()) {
      if (await listens(port)) return port;
      await delay(POLL_MS);
    }
    return null;
  }

  /**
   * Ends the app, which closes its connections first. Resolves with whether the process can start it again: the app has
   * ended without ending the process.
   */
  async stop(): Promise<boolean> {
    if (this.#state === "failed") await Promise.race([this.#settled(), delay(FAILED_MS)]);
    if (this.#state === "running" || this.#state === "failed") this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), KILL_MS);
    await this.#settled();
    clearTimeout(timer);
    return this.#state === "ready" && this.starts < MAX_STARTS;
  }

  /** Ends the app and the process. */
  async end(): Promise<void> {
    if (this.#state === "loading") this.#child.kill();
    await this.stop();
    if (this.hasEnded) return;
    this.#child.disconnect();
    await once(this.#child, "exit");
  }

  #isRunning(): boolean {
    return this.#state === "running";
  }

  /** Resolves when the process can start the app, or has ended. */
  #settled(): Promise<void> {
    if (this.#state === "ready" || this.#state === "ended") return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenSettled.push(resolve);
    });
  }

  #settle(state: "ready" | "ended"): void {
    this.#state = state;
    for (const resolve of this.#whenSettled.splice(0)) resolve();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
