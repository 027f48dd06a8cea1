// Runs in the page: measures how long each message of a WebSocket is handled, with the microtasks that it starts.

const handled: number[] = [];

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

async function timeOfClick(event: string): Promise<number> {
  const { length } = handled;
  const button = document.querySelector<HTMLElement>(`[live-click=${event}]`);
  button?.click();
  while (button?.classList.contains("live-click-loading")) await nextTask();
  await nextTask();
  // A large reply arrives in several messages.
  return handled.slice(length).reduce((sum, ms) => sum + ms, 0);
}
Object.assign(globalThis, { handled, timeOfClick });

const measured = (listener: (e: MessageEvent) => void) =>
  function (this: WebSocket, e: Event) {
    const { port1, port2 } = new MessageChannel();
    const start = performance.now();
    port1.onmessage = () => handled.push(performance.now() - start);
    listener.call(this, e as MessageEvent);
    port2.postMessage(undefined);
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

export {};
