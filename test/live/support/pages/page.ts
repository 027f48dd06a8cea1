import { type EventContext, type LiveView, liveView, type Socket } from "@live-session/adapter-koa";
import type { TemplateResult } from "lit";
import type { Page } from "playwright-core";

/** The fields of a form, as an event contains them. */
// biome-ignore lint/suspicious/noExplicitAny: pages read payloads of every shape
export type Payload = any;

/** A page as people write it. */
export interface PageDefinition<Assigns extends object> {
  readonly start: Assigns;
  readonly events: Readonly<
    Record<string, (assigns: Assigns, payload: Payload) => Partial<Assigns>>
  >;
  /** Changes the assigns every `everyMs` milliseconds, as a message or a timer does. */
  readonly tick?: { readonly everyMs: number; change(assigns: Assigns): Partial<Assigns> };
  /** A script of the page. */
  readonly script?: string;
  render(assigns: Assigns): TemplateResult;
  /**
   * Uses the page with keyboard and mouse. `agree` waits until the page shows the content of the view, and has sent
   * everything that was entered.
   */
  use(page: Page, agree: () => Promise<void>): Promise<void>;
  /** What the view knows afterwards. */
  readonly result: Partial<Assigns>;
}

/** A page, its view, and what the view of the last visitor says. */
export interface UsedPage {
  readonly name: string;
  readonly view: LiveView;
  readonly script: string | undefined;
  readonly use: PageDefinition<object>["use"];
  readonly result: object;
  assigns(): object;
  /** The content of the view. */
  template(): TemplateResult;
}

/** Creates the view of a page. */
export function definePage<Assigns extends object>(
  name: string,
  { start, events, tick, script, render, use, result }: PageDefinition<Assigns>,
): UsedPage {
  let current: Socket<Assigns> | undefined;
  const assigns = (): Assigns => ({ ...(current?.assigns ?? start) });
  const handle =
    (change: (assigns: Assigns, payload: Payload) => Partial<Assigns>) =>
    ({ payload, socket }: EventContext<Assigns>) =>
      socket.assign(change(socket.assigns as Assigns, payload) as never);
  const view = liveView(name, {
    types: {} as { own: Assigns },
    mount({ socket }) {
      socket.assign(start as never);
      if (!socket.connected) return;
      current = socket as unknown as Socket<Assigns>;
      const timer = tick && setInterval(() => socket.send("tick"), tick.everyMs);
      timer?.unref();
    },
    handleInfo: ({ socket }) => {
      if (tick) socket.assign(tick.change(socket.assigns as unknown as Assigns) as never);
    },
    handleEvent: Object.fromEntries(
      Object.entries(events).map(([event, change]) => [event, handle(change)]),
    ) as never,
    render: ((assigns: Assigns) => render(assigns)) as never,
  });
  return {
    name,
    view: view as unknown as LiveView,
    script,
    use,
    result,
    assigns,
    template: () => render(assigns()),
  };
}
