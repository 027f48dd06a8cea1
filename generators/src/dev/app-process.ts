import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { StartMessage } from "./child/stand-by.js";
import type { SentError } from "./dev-error.js";

const POLL_MS = 15;
const KILL_MS = 2000;

/** Options of an `AppProcess`. */
export interface AppProcessOptions {
  /** The folder of the app. */
  readonly root: string;
  /** Called for each error of the app. */
  readonly onError: (error: SentError, process: AppProcess) => void;
  /** Called for what the app prints. */
  readonly print: (text: string) => void;
}

/** A process that has loaded the packages of an app, and then runs the app. */
export class AppProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;

  constructor({ root, onError, print }: AppProcessOptions) {
    const module = new URL("./child/stand-by.js", import.meta.url).href;
    // Code of --eval imports packages from the current folder, like the app.
    const code = `(await import(${JSON.stringify(module)})).standBy((name) => import(name));`;
    const args = ["--enable-source-maps", "--import", "tsx", "--input-type=module", "--eval", code];
    this.#child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.stdout?.on("data", (text) => print(String(text)));
    this.#child.stderr?.on("data", (text) => print(String(text)));
    this.#ready = new Promise((resolve) => {
      this.#child.on("message", (message: { type: string; error?: SentError }) => {
        if (message.error) onError(message.error, this);
        else resolve();
      });
      this.#child.once("exit", () => resolve());
    });
  }

  /** Starts the app. Resolves with its port when it listens, or with null when it has ended instead. */
  async start(entry: string, variables: StartMessage["variables"]): Promise<number | null> {
    const port = await freePort();
    await this.#ready;
    if (this.#hasEnded()) return null;
    this.#child.send({
      entry,
      variables: { ...variables, PORT: `${port}` },
    } satisfies StartMessage);
    while (!this.#hasEnded()) {
      if (await listens(port)) return port;
      await delay(POLL_MS);
    }
    return null;
  }

  /** Ends the process: the app closes its connections first. */
  async stop(): Promise<void> {
    if (this.#hasEnded()) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), KILL_MS);
    await ended;
    clearTimeout(timer);
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
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
