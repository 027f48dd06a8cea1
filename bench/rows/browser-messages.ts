import { measureStep, nextFrame, type Step } from "./browser-marks.js";

// Runs in the page before its scripts: measures how long the listener of a WebSocket handles messages. A large one arrives in
// several messages.

let step: Step = "takeOver";

/** Clicks the button of an event and waits for the reply. */
async function clickFor(next: Step, event: string): Promise<void> {
  step = next;
  const button = document.querySelector<HTMLElement>(`[live-click=${event}]`);
  button?.click();
  while (button?.classList.contains("live-click-loading")) await nextFrame();
  await nextFrame();
}
Object.assign(globalThis, { clickFor });

const measured = (listener: (e: MessageEvent) => void) =>
  function (this: WebSocket, e: Event) {
    void measureStep(step, () => listener.call(this, e as MessageEvent));
  };
const add = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (type: string, listener: never) {
  add.call(this, type, type === "message" ? measured(listener) : listener);
};
Object.defineProperty(WebSocket.prototype, "onmessage", {
  set(this: WebSocket, listener: (e: MessageEvent) => void) {
    add.call(this, "message", measured(listener));
  },
});
