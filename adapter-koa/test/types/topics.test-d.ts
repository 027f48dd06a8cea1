// Compiled by `tsc -p adapter-koa` and never run: each marked line must have a type error, and no other line.

import {
  cont,
  defineHook,
  type Live,
  liveView,
  on,
  type Socket,
  topic,
} from "@live-session/adapter-koa";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { html } from "lit";

interface Said {
  readonly text: string;
}
declare const said: StandardSchemaV1<Said, { readonly text: string; readonly at: Date }>;
declare const live: Live;
declare const socket: Socket<{ count: number }>;

const room = topic("room:%", said);
const seat = topic("room:%:seat:%", said);
const lobby = topic("lobby", said);

// A pattern has as many params as it has placeholders.
room(5);
room("a");
seat(5, "b");
lobby();
// @ts-expect-error no param
room();
// @ts-expect-error too many
room(5, 6);
// @ts-expect-error not a string or number
room(null);
// @ts-expect-error too few
seat(5);

// Messages have the input type of the schema.
socket.subscribe(room(5));
socket.subscribe("anything");
socket.broadcast(room(5), { text: "a" }, { self: true });
socket.broadcast("anything", 5);
live.broadcast(lobby(), { text: "a" });
live.broadcast("anything", 5);
// @ts-expect-error text is a string
socket.broadcast(room(5), { text: 5 });
// @ts-expect-error text is missing
live.broadcast(lobby(), {});
// @ts-expect-error a pattern, not one of its topics
socket.subscribe(room);

// Handlers receive its output type, the params, and the assigns of the view or hook.
liveView("RoomLive", {
  types: {} as { own: { last: string } },
  handleInfo: [
    on(room, ({ message, params: [id], topic, socket }) => {
      message.at satisfies Date;
      topic satisfies string;
      socket.assign({ last: id });
      // @ts-expect-error no such field
      message.name;
      // @ts-expect-error last is a string
      socket.assign({ last: 5 });
    }),
    on(seat, async ({ params: [id, number], socket }) => socket.assign({ last: id + number })),
    ({ message, socket }) => {
      socket.assigns.last satisfies string;
      // @ts-expect-error unknown until checked
      message.text;
    },
  ],
  render: () => html``,
});
liveView("LobbyLive", {
  types: {} as { own: { last: string } },
  handleInfo: on(lobby, ({ message, params, socket }) => {
    params satisfies readonly [];
    socket.assign({ last: message.text });
    // @ts-expect-error no such assign
    socket.assigns.missing;
  }),
  render: () => html``,
});
defineHook("hook", {
  own: {} as { last: string },
  mount: ({ socket }) => {
    socket.subscribe(room(1));
    return cont({ last: "" });
  },
  handleInfo: on(room, ({ message, socket }) => {
    socket.assign({ last: socket.assigns.last + message.text });
    // @ts-expect-error last is a string
    socket.assign({ last: 5 });
  }),
});
// @ts-expect-error not a handler
liveView("WrongLive", { handleInfo: [5], render: () => html`` });
