import { hydrate } from "@lit-labs/ssr-client";
import { render } from "lit";
import { layout, listPage, makeRows, type Row } from "../servers/list-page.js";
import { measureStep, nextFrame } from "./browser-marks.js";
import { patchCount } from "./patch-count.js";

/** Runs in a page without our client: measures Lit alone doing the same with the same HTML. */
async function measureLit(): Promise<void> {
  const container = document.querySelector<HTMLElement>("live-session") ?? document.body;
  const rows = makeRows();
  const show = (shown: readonly Row[]) => layout({ content: listPage({ rows: shown }) });
  await measureStep("takeOver", () => hydrate(show(rows), container));
  for (let value = 1; value <= patchCount; value++) {
    await nextFrame();
    const changed = rows.with(500, { id: 500, name: "Row 500", value });
    await measureStep("patch", () => render(show(changed), container));
  }
  await nextFrame();
  await measureStep("replace", () => render(show(makeRows(1000)), container));
}

Object.assign(globalThis, { measureLit });
