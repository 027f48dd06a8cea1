import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.js";
import { ServerProcess, written } from "./server-process.js";

/** A Redis server of its own, which a test can stop and start. It stores its data on disk. */
export class RedisServer extends ServerProcess {
  readonly port: number;
  readonly #options: Readonly<Record<string, string | number>>;
  readonly #folder = mkdtempSync(join(tmpdir(), "live-redis-"));

  private constructor(port: number, options: Readonly<Record<string, string | number>>) {
    super();
    this.port = port;
    this.#options = options;
  }

  /** Starts a server that ends after the test. @param options further options of `redis-server` */
  static async start(
    t: { after(end: () => unknown): void },
    options: Readonly<Record<string, string | number>> = {},
  ): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    t.after(async () => {
      await server.kill();
      rmSync(server.#folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  override async start(): Promise<void> {
    const values = { port: this.port, bind: "127.0.0.1", save: "", appendonly: "yes" };
    const more = { appendfsync: "always", dir: this.#folder };
    const args = Object.entries({ ...values, ...more, ...this.#options }).flatMap(
      ([name, value]) => [`--${name}`, String(value)],
    );
    const { stdout } = this.run("redis-server", args, {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await written(stdout, "Ready to accept connections");
  }
}
