import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** A server in a process of its own, which a test starts, suspends and ends. A subclass knows its program. */
export abstract class ServerProcess {
  #running: ChildProcess | undefined;

  /** Starts the server, again with its data. Resolves when it accepts connections. */
  abstract start(): Promise<void>;

  protected run(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    this.#running = spawn(program, args, options);
    return this.#running;
  }

  /** Ends the server, by default without warning. Resolves when its process has ended. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  }

  /** Suspends the server, whose connections remain open. */
  freeze(): void {
    this.#running?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#running?.kill("SIGCONT");
  }
}

/**
 * Resolves when a process has written the expected output, and ignores what it writes later.
 *
 * @throws Error (as rejection) when the process ends before, with its output
 */
export async function written(output: Readable | null, expected: string): Promise<void> {
  let text = "";
  for await (const chunk of output?.iterator({ destroyOnReturn: false }) ?? []) {
    text += chunk;
    if (!text.includes(expected)) continue;
    output?.resume();
    return;
  }
  throw new Error(`a server has ended before it wrote "${expected}":\n${text}`);
}
