import {
  cont,
  createPresence,
  defineHook,
  halt,
  type MountContext,
  on,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import { presence } from "@live-session/adapter-koa/hooks";
import { pubSub } from "./pub-sub.js";
import { rooms } from "./store.js";
import { room } from "./topics.js";

/** Assigns the name of the member. Redirects other visitors to the login page. */
export const ensureMember = onMount("ensureMember", ({ session }) =>
  typeof session.member === "string" ? cont({ member: session.member }) : halt(redirect("/log_in")),
);

/** Who is on which page. */
export const online = createPresence<{ name: string }>({ pubSub });

/** Lists the members who have the same page open. */
export const whoIsHere = presence(online, {
  topic: ({ url }) => new URL(url).pathname,
  key: ({ socket }: MountContext<{ member: string }>) => socket.assigns.member,
  meta: ({ socket }) => ({ name: socket.assigns.member }),
  show: (list) => list.map(({ key }) => key),
});

/** Counts the messages in rooms that the member does not look at. */
export const unread = defineHook("unread", {
  own: {} as { unread: Readonly<Record<string, number>> },
  keep: ["unread"],
  mount({ kept, socket }) {
    for (const name of rooms) socket.subscribe(room(name), { resume: true });
    return cont({ unread: kept.unread ?? {} });
  },
  handleParams({ params, socket }) {
    if (typeof params.room === "string")
      socket.assign({ unread: { ...socket.assigns.unread, [params.room]: 0 } });
  },
  handleInfo: on(room, ({ params: [name], socket }) => {
    const { unread } = socket.assigns;
    if (new URL(socket.url).pathname !== `/rooms/${name}`)
      socket.assign({ unread: { ...unread, [name]: (unread[name] ?? 0) + 1 } });
  }),
});
