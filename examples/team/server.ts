import type { AddressInfo } from "node:net";
import { app, live } from "./app.js";
import { online } from "./hooks.js";
import { pubSub } from "./pub-sub.js";

const server = live.attach(app.listen(Number(process.env.PORT ?? 4000)));
server.on("listening", () =>
  console.log(`http://localhost:${(server.address() as AddressInfo).port}`),
);

process.once("SIGTERM", async () => {
  server.close();
  await live.close();
  online.close();
  if ("close" in pubSub) await pubSub.close();
  process.exit();
});
