import { expect } from "chai";
import { html, type TemplateResult } from "lit";
import { sendKeys } from "../../support/commands.js";
import { keyedList } from "../../support/encode.js";
import { until } from "../../support/live-fixture.js";
import { closePages, encodeDiff, joinPage, type LivePage } from "../../support/live-page.js";

const list = (keys: string, row: (key: string) => TemplateResult): TemplateResult =>
  html`<ul>${keyedList([...keys].map((key) => [key, row(key)]))}</ul>`;

const find = <T extends HTMLElement>({ session }: LivePage, selector: string): T =>
  session.querySelector<T>(selector)!;

const orderOf = ({ session }: LivePage): string =>
  Array.from(session.querySelectorAll("li"), ({ id }) => id).join("");

describe("a row that moves", () => {
  afterEach(closePages);

  it("moves three times when its button is pressed three times by the keyboard", async () => {
    const row = (key: string) =>
      html`<li id=${key}><button live-click="down" live-value-key=${key}>Down</button></li>`;
    const page = await joinPage({ view: html`${list("abcd", row)}` });
    const answered = new Set<unknown>();
    find(page, "#a button").focus();
    for (const keys of ["bacd", "bcad", "bcda"]) {
      await sendKeys({ press: "Enter" });
      const event = await until(() =>
        page.server.of("event").find(({ ref }) => !answered.has(ref)),
      );
      answered.add(event.ref);
      expect(event.payload.value.key).to.equal("a");
      page.server.reply(event, encodeDiff(list(keys, row)));
      await until(() => orderOf(page) === keys);
    }
    expect(document.activeElement).to.equal(find(page, "#a button"));
  });

  it("still sends a change that waits until its field loses the focus", async () => {
    const row = (key: string) =>
      html`<li id=${key}>
        <form live-change="edit"><input name="title" live-debounce="blur" live-blur="left" /></form>
      </li>`;
    const page = await joinPage({ view: html`${list("abc", row)}` });
    const input = find<HTMLInputElement>(page, "#a input");
    input.focus();
    await sendKeys({ press: "h" });
    page.server.push("diff", encodeDiff(list("cba", row)));
    await until(() => orderOf(page) === "cba");
    expect(document.activeElement).to.equal(input);
    expect(page.server.of("event")).to.deep.equal([]);
    input.blur();
    await until(() => page.server.of("event").length === 2);
    const events = page.server.of("event").map(({ payload }) => payload.event);
    expect(events).to.deep.equal(["edit", "left"]);
  });
});
