import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const contentTypes: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };

/** The servers of one test file. */
export class Servers {
  readonly #processes: ChildProcess[] = [];
  readonly #servers: Server[] = [];
  readonly #ports = new Map<string, Promise<number>>();

  /** Starts the Koa app of a folder, unless it runs with the same variables. Returns its port. */
  startApp(folder: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
    const key = JSON.stringify([folder, env]);
    const port = this.#ports.get(key) ?? this.#start(folder, env);
    this.#ports.set(key, port);
    return port;
  }

  async #start(folder: string, env: Readonly<Record<string, string>>): Promise<number> {
    const app = spawn(process.execPath, ["app.js"], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#processes.push(app);
    const [port] = await once(app.stdout, "data");
    return Number(port);
  }

  /** Serves the files of a folder and replaces the word `SERVER` with an origin. Returns the port. */
  async serveFolder(folder: string, origin = ""): Promise<number> {
    const server = createServer(({ url = "/" }, response) => {
      const { pathname } = new URL(url, "http://localhost");
      const file = path.join(folder, pathname === "/" ? "index.html" : pathname);
      if (!existsSync(file)) {
        response.writeHead(204).end();
        return;
      }
      response.setHeader("Content-Type", contentTypes[path.extname(file)] ?? "text/plain");
      response.end(readFileSync(file, "utf8").replaceAll("SERVER", origin));
    }).listen(0);
    this.#servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  /** Stops all servers. */
  close(): void {
    for (const app of this.#processes.splice(0)) app.kill();
    for (const server of this.#servers.splice(0)) server.close();
  }
}
