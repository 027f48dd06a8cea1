import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** Proxy that passes requests, and WebSockets only if `passesSockets` is true. */
export interface HttpOnlyProxy {
  readonly url: string;
  passesSockets: boolean;
  /** How many answers of long polling the proxy does not pass; it resets their connections instead. */
  answersToLose: number;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a site. */
export async function startHttpOnlyProxy(site: string): Promise<HttpOnlyProxy> {
  const { hostname, port } = new URL(site);
  const streams = new Set<Duplex>();
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      if (proxy.answersToLose > 0 && path?.includes("/longpoll?")) {
        proxy.answersToLose--;
        incoming.socket.resetAndDestroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  server.on("upgrade", ({ url: path, headers }, near: Duplex) => {
    near.on("error", () => near.destroy());
    if (!proxy.passesSockets) {
      near.destroy();
      return;
    }
    const passed = request({ hostname, port, path, headers });
    passed.on("error", () => near.destroy());
    passed.on("upgrade", (answer, far) => {
      for (const stream of [near, far]) streams.add(stream.on("error", () => stream.destroy()));
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      near.write(["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n"));
      far.pipe(near).pipe(far);
    });
    passed.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: HttpOnlyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passesSockets: false,
    answersToLose: 0,
    async stop() {
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}
