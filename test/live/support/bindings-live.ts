import { type EventContext, js, liveView } from "@live-session/adapter-koa";
import { html } from "lit";

/** An event that the view received. */
export interface Received {
  readonly event: string;
  readonly payload: unknown;
}

const events = (
  "clicked left changed field_changed saved focused blurred key_down key_up window_focused window_blurred " +
  "window_key_down window_key_up at_bottom at_top debounced debounced_by_blur throttled pushed hooked triggered"
).split(" ");

/** Creates a view with an element for each binding. It shows the names of the events that it received. */
export function createBindingsLive(received: Received[]) {
  type Assigns = { readonly names: readonly string[] };
  const handle =
    (event: string) =>
    ({ payload, socket }: EventContext<Assigns>) => {
      received.push({ event, payload });
      socket.assign({ names: [...socket.assigns.names, event] });
    };
  return liveView("BindingsLive", {
    types: {} as { own: Assigns },
    mount: ({ socket }) => socket.assign({ names: [] }),
    handleEvent: Object.fromEntries(events.map((event) => [event, handle(event)])),
    render: ({ names }) => html`
      <h1>Bindings</h1>
      <output>${names.join(" ")}</output>
      <button type="button" id="click" live-click="clicked" live-value-id="7" live-disable-with="Wait">Click</button>
      <div id="away" live-click-away="left">Elsewhere</div>
      <form id="change" live-change="changed"><input id="a" name="a"></form>
      <form id="own"><input id="b" name="b" live-change="field_changed"><input name="other" value="1"></form>
      <form id="submit" live-submit="saved">
        <input id="c" name="user[name]" value="Ada"><button id="save" name="by" value="x" live-disable-with="Saving">Save</button>
      </form>
      <input id="focus" live-focus="focused">
      <input id="blur" live-blur="blurred">
      <input id="down" live-keydown="key_down" live-key="a">
      <input id="up" live-keyup="key_up" live-key="enter">
      <i id="window-focus" live-window-focus="window_focused"></i>
      <i id="window-blur" live-window-blur="window_blurred"></i>
      <i id="window-down" live-window-keydown="window_key_down" live-key="F2"></i>
      <i id="window-up" live-window-keyup="window_key_up" live-key="F4"></i>
      <div id="scroll" tabindex="0" style="height: 6rem; overflow: auto">
        <ul id="list" live-viewport-bottom="at_bottom" live-viewport-top="at_top">
          ${Array.from({ length: 40 }, (_, i) => html`<li id="row-${i}">Row ${i}</li>`)}
        </ul>
      </div>
      <form id="late" live-change="debounced"><input id="d" name="d" live-debounce="20"></form>
      <form id="later" live-change="debounced_by_blur"><input id="e" name="e" live-debounce="blur"></form>
      <button type="button" id="throttle" live-click="throttled" live-throttle="60000">Throttled</button>
      <button
        type="button"
        id="push"
        live-click=${js.push("pushed", { value: { by: 2 }, loading: "#panel" })}
      >Push</button>
      <p id="panel">Panel</p>
      <button type="button" id="hook" live-hook="Echo">Hook</button>
      <form id="trigger" method="post" action="/sent" live-submit="triggered" ?live-trigger-action=${names.includes("triggered")}>
        <input name="f" value="kept"><button id="go">Go</button>
      </form>`,
  });
}
