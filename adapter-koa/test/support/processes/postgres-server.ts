import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.js";
import { findProgram } from "./program.js";
import { ServerProcess, written } from "./server-process.js";

/** A PostgreSQL server of its own, which a test can stop and start. */
export class PostgresServer extends ServerProcess {
  readonly #port: number;
  readonly #folder: string;
  readonly #user: { readonly uid?: number; readonly gid?: number };

  private constructor(port: number) {
    super();
    this.#port = port;
    this.#folder = mkdtempSync(join(tmpdir(), "live-postgres-"));
    // PostgreSQL refuses to run as root.
    this.#user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
    if (this.#user.uid !== undefined && this.#user.gid !== undefined)
      chownSync(this.#folder, this.#user.uid, this.#user.gid);
  }

  /** Starts a server that ends after the test. */
  static async start(t: { after(end: () => unknown): void }): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort());
    t.after(async () => {
      await server.kill();
      rmSync(server.#folder, { recursive: true, force: true });
    });
    const options = [
      "--no-sync",
      "--auth=trust",
      "--username=test",
      "--encoding=UTF8",
      "--locale=C",
    ];
    execFileSync(program("initdb"), [...options, `--pgdata=${server.#folder}`], {
      ...server.#user,
      cwd: server.#folder,
      stdio: "ignore",
    });
    await server.start();
    return server;
  }

  get url(): string {
    return `postgres://test@127.0.0.1:${this.#port}/postgres`;
  }

  override async start(): Promise<void> {
    const args = ["-D", this.#folder, "-k", this.#folder, "-p", `${this.#port}`, "-F"];
    const { stderr } = this.run(program("postgres"), args, {
      ...this.#user,
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await written(stderr, "ready to accept connections");
  }

  /** Ends the server and its connections at once. */
  override kill(): Promise<void> {
    return super.kill("SIGQUIT");
  }
}

const idOf = (option: "-u" | "-g") => Number(execFileSync("id", [option, "postgres"]));

function program(name: string): string {
  const found = findProgram(name);
  if (!found) throw new Error(`${name} is not installed`);
  return found;
}
