import { hydrate } from "@lit-labs/ssr-client";
import { render } from "lit";
import { layout, listPage, makeRows, type Row } from "../servers/list-page.js";
import { patchCount } from "./patch-count.js";

/** The steps that are measured, in milliseconds. */
export type Steps = Record<"takeOver" | "patch" | "replace", number>;

/** Runs in the page: measures what Lit alone takes to do the same with the same HTML. */
async function measureLit(): Promise<Steps> {
  const text = await (await fetch(location.href)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const container = document.createElement("div");
  container.innerHTML = page.querySelector("live-session")?.innerHTML ?? "";
  document.body.append(container);
  const rows = makeRows();
  const show = (shown: readonly Row[]) => layout({ content: listPage({ rows: shown }) });
  const takeOver = await timed(() => hydrate(show(rows), container));
  const patches: number[] = [];
  for (let value = 1; value <= patchCount; value++) {
    const changed = rows.with(500, { id: 500, name: "Row 500", value });
    patches.push(await timed(() => render(show(changed), container)));
  }
  return {
    takeOver,
    patch: medianOf(patches),
    replace: await timed(() => render(show(makeRows(1000)), container)),
  };
}

/** Returns the median of an odd number of values. */
const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** Returns the milliseconds until the next task after a call. */
function timed(call: () => void): Promise<number> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const start = performance.now();
    port1.onmessage = () => resolve(performance.now() - start);
    call();
    port2.postMessage(undefined);
  });
}

Object.assign(globalThis, { measureLit });
