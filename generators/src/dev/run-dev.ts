import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { GenerateError } from "../generate-error.js";
import { startDevServer } from "./dev-server.js";

const DEFAULT_ENTRY = "src/server.ts";
const DEFAULT_PORT = 4000;
/** How often to check whether npm still runs. */
const PARENT_MS = 500;

/**
 * Runs the app of the current folder for development, until the process gets a signal.
 *
 * @throws GenerateError when the module that starts the app does not exist, or the port is in use.
 */
export async function runDev([entry = DEFAULT_ENTRY]: readonly string[]): Promise<void> {
  const { ppid } = process; // The parent may end while the app starts.
  if (!existsSync(entry)) throw new GenerateError(`there is no file ${entry} that starts the app`);
  const fromFile = existsSync(".env") ? parseEnv(readFileSync(".env", "utf8")) : {};
  const { HOST: host = "127.0.0.1", PORT: port = DEFAULT_PORT } = { ...fromFile, ...process.env };
  const print = (text: string): void => void process.stdout.write(text);
  const server = await startDevServer({ root: ".", entry, host, port: Number(port), print }).catch(
    (error) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new GenerateError(`port ${port} is in use: set PORT to another one`);
    },
  );
  print(`The app runs on ${server.url}, and restarts when you save a file\n`);
  let isStopping = false;
  const stop = () => {
    if (!isStopping) void server.stop();
    isStopping = true;
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  if (process.env.npm_lifecycle_event !== undefined) stopAfterParent(ppid, stop);
}

/**
 * Calls a function when the parent of this process has ended, so that the process has another one. npm runs commands in a shell and
 * passes signals to it, but the shell does not pass them on.
 *
 * @param ppid the first parent
 */
function stopAfterParent(ppid: number, stop: () => void): void {
  const check = () => {
    if (process.ppid !== ppid) stop();
  };
  setInterval(check, PARENT_MS).unref();
}
