import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy that cuts connections and delays what passes. */
export interface CuttingProxy {
  readonly port: number;
  /** The delay of each chunk, in milliseconds. */
  latency: number;
  /** Whether connections are refused. */
  isDown: boolean;
  /** Breaks all connections at once, and loses what is on its way. */
  cut(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a server. */
export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    const waiting: (() => void)[] = [];
    // In order, although the delay changes.
    const later = (act: () => void): void => {
      if (proxy.latency === 0 && waiting.length === 0) {
        act();
        return;
      }
      waiting.push(act);
      setTimeout(() => waiting.shift()?.(), proxy.latency);
    };
    from.on("error", () => to.destroy());
    from.on("close", () => sockets.delete(from));
    from.on("data", (data) => later(() => to.writable && to.write(data)));
    from.on("end", () => later(() => to.end()));
  };
  const server = createServer((near) => {
    if (proxy.isDown) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: CuttingProxy = {
    port: (server.address() as AddressInfo).port,
    latency: 0,
    isDown: false,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      proxy.cut();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}
