import { LiveRouter } from "@live-session/adapter-koa";
import { openServer } from "../server.js";
import { emptyLive } from "../views/counter-live.js";
import { Visitor } from "../visitor.js";

/** A process whose only join has a wrong CSRF token. */
const server = await openServer(new LiveRouter().live("/", emptyLive));
const visitor = new Visitor(server);
const page = await visitor.load("/");
const connection = await visitor.connect();
await connection.join(page, { params: { _csrf_token: "a secret token" } });
await server.stop();
