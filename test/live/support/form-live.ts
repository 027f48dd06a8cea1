import { EventEmitter, once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { csrf, type EventContext, LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  type LiveServer,
  openServer,
  type ServerSetup,
} from "../../../adapter-koa/test/support/server.js";

/** Fields of the form, as the view receives them. */
export type Fields = Readonly<Record<string, unknown>>;

/** An event that the view received, and the number of the mount that received it. */
export interface Received {
  readonly mount: number;
  readonly event: "change" | "recover" | "click";
  readonly payload: Fields;
}

/** How a connection is cut: by a reset, or by the server with a close code. */
export type Cut = "reset" | "disconnect";

/** A form of all kinds of fields on a server whose connections can be cut. */
export interface FormServer {
  readonly url: string;
  readonly received: readonly Received[];
  readonly errors: readonly Error[];
  /** Waits until the browser has started a new connection after the last cut. */
  begun(): Promise<void>;
  /** Cuts the connection `ms` milliseconds after its start. */
  cut(how: Cut, ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Text fields, which must contain all typed characters. */
export const textFields = [
  ...["text", "search", "password", "email", "tel", "url", "area", "nick", "quiet"],
  // The rows of these fields move.
  ...["first", "second", "third"],
] as const;

const rows = textFields.slice(-3);

/** The fields that a visitor sets as a whole, with their first values. */
export const pickedFields = {
  date: "2026-01-01",
  time: "10:00",
  month: "2026-01",
  week: "2026-W01",
  local: "2026-01-01T10:00",
  color: "#000000",
} as const;

/** The values of selects. */
export const options = ["one", "two", "three", "four"] as const;

const liveSocketId = "visitor";

/** Starts a server whose only page is the form, with limits that typing does not reach. */
export const openFormServer = (
  received: Received[],
  { before = [], ...setup }: ServerSetup = {},
): Promise<LiveServer> =>
  openServer(new LiveRouter().live("/", createFormLive(received)), {
    limits: { eventsPerSecond: 1000, joinsPerSecond: 100 },
    before: [...before, csrf()],
    ...setup,
  });

/**
 * Starts the server for one visitor.
 *
 * @param hasSockets whether it accepts WebSockets; otherwise the page uses long polling
 */
export async function startFormServer(hasSockets: boolean): Promise<FormServer> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const begun = new EventEmitter();
  let isBegun = false;
  const site = await openFormServer(received, {
    before: [
      async (ctx, next) => {
        Object.assign(ctx.session ?? {}, { live_socket_id: liveSocketId });
        // The client also asks by `HEAD` whether the server answers.
        if (ctx.method !== "HEAD" && /^\/live\/(websocket|longpoll)$/.test(ctx.path)) {
          isBegun = true;
          begun.emit("begun");
        }
        await next();
      },
    ],
  });
  if (!hasSockets) {
    site.server.removeAllListeners("upgrade");
    site.server.on("upgrade", (_request, socket) => socket.destroy());
  }
  site.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const hasBegun = async (): Promise<void> => {
    if (!isBegun) await once(begun, "begun");
  };
  return {
    url: site.origin,
    received,
    errors: site.errors,
    begun: hasBegun,
    async cut(how, ms) {
      await hasBegun();
      await setTimeout(ms);
      isBegun = false;
      if (how === "disconnect") site.live.disconnect(liveSocketId);
      else for (const socket of sockets) socket.resetAndDestroy();
    },
    stop: () => site.stop(),
  };
}

interface Assigns {
  readonly fields: Fields;
  /** The names of the fields in the rows that move. */
  readonly order: readonly string[];
}

/** Creates a view that records its events and renders the fields of its form, as an application would. */
function createFormLive(received: Received[]) {
  let mounts = 0;
  const mountOf = new WeakMap<object, number>();
  const handle =
    (event: Received["event"]) =>
    ({ payload, socket }: EventContext<Assigns>) => {
      const fields = payload as Fields;
      received.push({ mount: mountOf.get(socket) ?? 0, event, payload: fields });
      if (event !== "click") socket.assign({ fields });
    };
  return liveView("FormLive", {
    types: {} as { own: Assigns },
    mount({ socket }) {
      mountOf.set(socket, ++mounts);
      socket.assign({ fields: {}, order: rows });
    },
    handleEvent: {
      change: handle("change"),
      recover: handle("recover"),
      click: handle("click"),
      move({ socket }) {
        const [first = "", ...others] = socket.assigns.order;
        socket.assign({ order: [...others, first] });
      },
    },
    render: ({ fields, order }) => html`
      <form id="form" live-change="change" live-auto-recover="recover">
        <input name="text" value=${fields.text ?? ""}>
        <input name="search" type="search" value=${fields.search ?? ""} live-debounce="40">
        <input name="password" type="password" autocomplete="off">
        <input name="email" type="email" value=${fields.email ?? ""} live-throttle="40">
        <textarea name="area" .value=${fields.area ?? ""}></textarea>
        <x-nick name="nick" value=${fields.nick ?? ""}></x-nick>
        <input name="number" type="number" value=${fields.number ?? "0"}>
        <input name="range" type="range" min="0" max="1000" value=${fields.range ?? "0"}>
        <input name="tel" type="tel" .value=${fields.tel ?? ""} live-debounce="blur">
        <input name="url" type="url" value=${fields.url ?? ""}>
        <input name="date" type="date" value=${fields.date ?? pickedFields.date}>
        <input name="time" type="time" .value=${fields.time ?? pickedFields.time}>
        <input name="month" type="month" value=${fields.month ?? pickedFields.month}>
        <input name="week" type="week" .value=${fields.week ?? pickedFields.week}>
        <input name="local" type="datetime-local" .value=${fields.local ?? pickedFields.local}>
        <input name="color" type="color" .value=${fields.color ?? pickedFields.color}>
        <input name="box" type="checkbox" value="yes" .checked=${fields.box === "yes"}>
        <input name="check" type="checkbox" value="yes" ?checked=${fields.check === "yes"}>
        ${options.map((value) => html`<input name="radio" type="radio" value=${value} ?checked=${fields.radio === value}>`)}
        <select name="select">
          ${options.map((value) => html`<option value=${value} ?selected=${fields.select === value}>${value}</option>`)}
        </select>
        <select name="list" size="4" .value=${fields.list ?? "one"}>
          ${options.map((value) => html`<option>${value}</option>`)}
        </select>
        <select name="many[]" multiple>
          ${options.map((value) => html`<option value=${value} ?selected=${isIn(fields.many, value)}>${value}</option>`)}
        </select>
        ${repeat(
          order,
          (name) => name,
          (name) => html`<p><input name=${name} .value=${fields[name] ?? ""}></p>`,
        )}
      </form>
      <form><input name="quiet"><input name="file" type="file"></form>
      <button type="button" id="click" live-click="click">Click</button>
      <button type="button" id="move" live-click="move">Move</button>
      <output>${fields.text}</output>
    `,
  });
}

const isIn = (list: unknown, value: string): boolean => Array.isArray(list) && list.includes(value);
