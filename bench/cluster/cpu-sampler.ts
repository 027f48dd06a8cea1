import { setTimeout as sleep } from "node:timers/promises";
import type { AppProcesses } from "./app-processes.js";

/** Milliseconds between two samples. */
const everyMs = 1000;

/** Measures the CPU time of an app's processes once a second, except of those that are being replaced. */
export class CpuSampler {
  readonly #app: AppProcesses;
  /** The CPU time of each process, and when it was reported. */
  #last = new Map<number, { readonly cpu: number; readonly at: number }>();
  #peak = 0;
  #isOver = false;

  constructor(app: AppProcesses) {
    this.#app = app;
    void this.#run();
  }

  /** Returns the largest share of a core that a process has used within a second since the last call. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  stop(): void {
    this.#isOver = true;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      await this.#sample();
      await sleep(everyMs);
    }
  }

  async #sample(): Promise<void> {
    const now = new Map<number, { readonly cpu: number; readonly at: number }>();
    for (const { pid, cpu, at, ready } of await this.#app.reports()) {
      const last = this.#last.get(pid);
      if (!ready) continue;
      if (last) this.#peak = Math.max(this.#peak, (cpu - last.cpu) / (at - last.at));
      now.set(pid, { cpu, at });
    }
    this.#last = now;
  }
}
