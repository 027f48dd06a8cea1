import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { freePort } from "../../adapter-koa/test/support/free-port.js";
import { ServerProcess } from "../../adapter-koa/test/support/processes/server-process.js";
import { until } from "../load/until.js";

/** A MariaDB server of its own, which can be killed and started again with its data. */
export class DatabaseServer extends ServerProcess {
  readonly #port: number;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "live-mariadb-"));

  private constructor(port: number) {
    super();
    this.#port = port;
  }

  static async start(): Promise<DatabaseServer> {
    const server = new DatabaseServer(await freePort());
    const { username } = userInfo();
    const data = `--datadir=${server.#folder}`;
    const options = ["--auth-root-authentication-method=normal", "--skip-test-db"];
    execFileSync("mariadb-install-db", ["--no-defaults", data, `--user=${username}`, ...options], {
      stdio: "ignore",
    });
    await server.start();
    await server.#query("", "create database test");
    return server;
  }

  get url(): string {
    return this.#urlOf("test");
  }

  override async start(): Promise<void> {
    const { username } = userInfo();
    const args = {
      datadir: this.#folder,
      socket: path.join(this.#folder, "socket"),
      user: username,
      port: String(this.#port),
      "bind-address": "127.0.0.1",
      "innodb-buffer-pool-size": "32M",
    };
    const options = Object.entries(args).map(([name, value]) => `--${name}=${value}`);
    this.run("mariadbd", ["--no-defaults", ...options], { stdio: "ignore" });
    const answers = async () => {
      try {
        await this.#query("", "select 1");
        return true;
      } catch {
        return false;
      }
    };
    await until(answers, "MariaDB answers");
  }

  /** Returns the result of a query. */
  rows(query: string): Promise<RowDataPacket[]> {
    return this.#query("test", query);
  }

  /** Ends the server and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #query(database: string, query: string): Promise<RowDataPacket[]> {
    const connection = await createConnection(this.#urlOf(database));
    try {
      const [rows] = await connection.query<RowDataPacket[]>(query);
      return rows;
    } finally {
      connection.destroy();
    }
  }

  #urlOf(database: string): string {
    return `mysql://root@127.0.0.1:${this.#port}/${database}`;
  }
}
