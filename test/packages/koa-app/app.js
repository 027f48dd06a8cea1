import { createLive, LiveRouter, liveView } from "@live-session/adapter-koa";
import { nav } from "@live-session/adapter-koa/hooks";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";

const counterLive = liveView("CounterLive", {
  mount({ session, socket }) {
    socket.assign({ visitor: session.visitor ?? "stranger", count: 0 });
  },
  handleEvent: {
    inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
  },
  render: ({ visitor, count }) => html`<p>Hello ${visitor}, ${count}</p>
    <button type="button" live-click="inc">More</button>`,
});

const router = new LiveRouter();
router.liveSession("public", { onMount: [nav(() => "counter")] }).live("/", counterLive);

const { COOKIES = "{}", ORIGINS, SECRET = "only for a test, in 32 characters" } = process.env;
const app = new Koa({ keys: [SECRET] });
const live = createLive(router, { secret: SECRET, origins: ORIGINS?.split(" ") ?? "same" });
app.use(session(JSON.parse(COOKIES), app));
app.use((ctx, next) => {
  ctx.cookies.secure = true; // to browsers localhost is as good as HTTPS
  ctx.session.visitor ??= ctx.query.visitor;
  return next();
});
app.use(live.middleware());
const server = live.attach(app.listen(0, () => process.stdout.write(`${server.address().port}\n`)));
