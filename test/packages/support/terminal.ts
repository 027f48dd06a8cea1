import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined };

/** Result of a command. */
export interface CommandResult {
  readonly status: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs commands in folders, as a user would in a terminal. */
export class Terminal {
  readonly #running: ChildProcess[] = [];

  /** Runs a command and waits until it ends. */
  run(folder: string, program: string, ...args: readonly string[]): CommandResult {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      env,
      shell: program === "npm" && process.platform === "win32", // On Windows npm is a batch file.
    });
    return { status, output: stdout + stderr };
  }

  /** Starts a server with Node. Returns its address when it prints that. */
  async serve(
    folder: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): Promise<string> {
    const server = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...env, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.push(server);
    let output = "";
    server.stderr.on("data", (chunk) => {
      output += chunk;
    });
    for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      const url = /http:\/\/\S+:\d+/.exec(output)?.[0];
      if (url !== undefined) {
        server.stdout.resume();
        return url;
      }
    }
    throw new Error(`the server ended before it listened:\n${output}`);
  }

  /** Ends the servers. */
  async close(): Promise<void> {
    for (const server of this.#running.splice(0)) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      server.kill();
      await once(server, "close");
    }
  }
}
