import type { AddressInfo } from "node:net";
import { bodyParser } from "@koa/bodyparser";
import { createLive, csrf } from "@live-session/adapter-koa";
import Koa from "koa";
import session from "koa-session";
import { logInRoutes } from "./log-in.js";
import { router } from "./router.js";

const secret = process.env.SECRET ?? "a development secret of 32 characters";
const app = new Koa({ keys: [secret] });
const live = createLive(router, { secret });

app.use(session(app));
app.use(bodyParser());
app.use(csrf());
app.use(live.middleware());
app.use(logInRoutes(live));

const server = live.attach(app.listen(Number(process.env.PORT ?? 4000)));
server.on("listening", () =>
  console.log(`http://localhost:${(server.address() as AddressInfo).port}`),
);
