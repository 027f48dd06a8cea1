// Compiled by `tsc -p adapter-koa` and never run: each marked line must have a type error, and no other line.

import {
  cont,
  type LiveEvents,
  LiveRouter,
  type LiveView,
  liveEvent,
  liveView,
  nested,
  type ProvidedData,
  type Socket,
} from "@live-session/adapter-koa";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { html } from "lit";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;
type Flat<T> = { readonly [Key in keyof T]: T[Key] };

declare const textSchema: StandardSchemaV1<{ readonly text: string }>;
declare const search: (text: string, signal: AbortSignal) => Promise<readonly string[]>;

// Tasks are typed by key.
interface Tasks {
  readonly search: readonly string[];
  readonly total: number;
}
interface Own {
  readonly found: readonly string[];
}
const tasksLive = liveView("TasksLive", {
  types: {} as { own: Own; tasks: Tasks },
  mount({ socket }) {
    socket.startAsync("total", () => 1);
    // @ts-expect-error no such task
    socket.startAsync("totals", () => 1);
    // @ts-expect-error total is a number
    socket.startAsync("total", async () => "1");
    clear(socket);
  },
  handleEvent: {
    search: liveEvent(textSchema, ({ payload, socket }) => {
      socket.startAsync("search", (signal) => search(payload.text, signal));
      // @ts-expect-error the result is a list of strings
      socket.startAsync("search", () => [1]);
      clear(socket);
    }),
    again: ({ socket }) => socket.startAsync("total", () => 2),
  },
  handleAsync: {
    search({ result, socket }) {
      if (result.ok) socket.assign({ found: result.value });
      // @ts-expect-error there may be an error instead
      result.value;
    },
    total: ({ key, result }) => {
      key satisfies "total";
      if (result.ok) result.value satisfies number;
    },
  },
  render: ({ found }) => html`${found.length}`,
});
liveView("TasksLive", {
  types: {} as { tasks: Tasks },
  handleAsync({ key, result }) {
    if (!result.ok) return;
    if (key === "total") result.value satisfies number;
    // @ts-expect-error no such key
    if (key === "other") return;
  },
  render: () => html``,
});
liveView("WrongLive", {
  types: {} as { tasks: Tasks },
  handleAsync: {
    // @ts-expect-error no such task
    other() {},
  },
  render: () => html``,
});
// Without types, tasks have any keys and values.
liveView("AnyTasksLive", {
  mount: ({ socket }) => socket.startAsync("any", () => 1),
  handleAsync: {
    any({ result }) {
      // @ts-expect-error unknown until checked
      if (result.ok) result.value.length;
    },
  },
  render: () => html``,
});
function clear(socket: Socket<Own>): void {
  socket.assign({ found: [] });
}

// Assigns that mount returns need no declaration, and cannot be read before.
const inferredLive = liveView("InferredLive", {
  types: {} as { needs: { user: string } },
  mount({ socket }) {
    // @ts-expect-error not set yet
    socket.assigns.count;
    return cont(
      { count: 0, label: socket.assigns.user },
      { provide: ["label"], temporaryAssigns: { label: "" } },
    );
  },
  handleParams: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
      // @ts-expect-error a number
      socket.assign({ count: "1" });
    },
    rename: liveEvent(textSchema, ({ payload, socket }) => socket.assign({ label: payload.text })),
  },
  render: ({ count, label, user }) => html`${count.toFixed()}${label}${user}`,
});
const bareLive = liveView("BareLive", {
  mount: async () => cont({ count: 0 }),
  handleEvent: {
    set: liveEvent(textSchema, ({ socket }) => socket.assign({ count: socket.assigns.count + 1 })),
  },
  render: ({ count }) => html`${count.toFixed()}`,
});
new LiveRouter().live("/", bareLive);
// @ts-expect-error nothing provides the user
new LiveRouter().live("/", inferredLive);
// @ts-expect-error mount returns cont, options or nothing
liveView("WrongLive", { mount: () => 5, render: () => html`` });
// @ts-expect-error … and no option of another name
liveView("WrongLive", { mount: () => ({ count: 0 }), render: () => html`` });

export type Types = [
  Expect<Equal<keyof LiveEvents<typeof inferredLive>, "inc" | "rename">>,
  Expect<
    Equal<
      Flat<ProvidedData<typeof inferredLive>>,
      { readonly label: string; readonly flash: Readonly<Record<string, string>> }
    >
  >,
  Expect<Equal<typeof tasksLive extends LiveView<Record<never, never>, Own> ? true : false, true>>,
];

// A template names only events that the view handles.
liveView("NamesLive", {
  types: {} as { own: { count: number } },
  handleEvent: {
    inc: ({ socket }) => socket.assign({ count: 1 }),
    "names:set": liveEvent(textSchema, () => {}),
  },
  render: ({ count }, _socket, events) => {
    events.inc satisfies "inc";
    events["names:set"] satisfies "names:set";
    // @ts-expect-error no such event
    events.dec;
    return html`<button live-click=${events.inc}>${count}</button>`;
  },
});
liveView("NamesLive", {
  types: {} as { own: { text: string }; events: "set" },
  handleEvent: {
    set: liveEvent(textSchema, ({ payload, socket }) => socket.assign({ text: payload.text })),
  },
  render: ({ text }, _socket, events) => {
    // @ts-expect-error no such event
    events.dec;
    return html`<button live-click=${events.set}>${text}</button>`;
  },
});
liveView("WrongLive", {
  types: {} as { events: "set" | "clear" },
  // @ts-expect-error clear is missing
  handleEvent: { set: liveEvent(textSchema, () => {}) },
  render: () => html``,
});

// nested() requires the session data that a view declares.
const chatLive = liveView("ChatLive", {
  types: {} as { session: { room: string } },
  mount({ session }) {
    const room: string = session.room;
    return cont({ room });
  },
  render: ({ room }) => html`${room}`,
});
nested(chatLive, { id: "chat", session: { room: "lobby" }, sticky: true });
// @ts-expect-error the session data is missing
nested(chatLive, { id: "chat" });
// @ts-expect-error the session data has another type
nested(chatLive, { id: "chat", session: { room: 1 } });
