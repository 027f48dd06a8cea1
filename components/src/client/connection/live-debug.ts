import type { Connection } from "./connection.js";
import type { DebugSettings } from "./debug.js";

/** Debugging tools for the browser's console. They apply to all connections until the tab is closed. */
export interface LiveDebug {
  /** Logs each frame to the console. */
  enableDebug(): Promise<void>;
  disableDebug(): Promise<void>;
  /** Delays each frame by a number of milliseconds, in both directions. */
  enableLatencySim(latency: number): Promise<void>;
  disableLatencySim(): Promise<void>;
}

/** Creates the tools. Their module is loaded at the first call. */
export function liveDebug(connections: () => Iterable<Connection>): LiveDebug {
  const set = async (changes: Partial<DebugSettings>): Promise<void> => {
    const { setDebug } = await import("./debug.js");
    setDebug(connections(), changes);
  };
  return {
    enableDebug: () => set({ log: true }),
    disableDebug: () => set({ log: false }),
    enableLatencySim: (latency) => set({ latency }),
    disableLatencySim: () => set({ latency: 0 }),
  };
}
