import { js } from "@live-session/adapter-koa";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { definePage } from "./page.js";

const chat = definePage<{ messages: readonly string[]; draft: string; ticks: number }>("chat", {
  start: { messages: ["Hello"], draft: "", ticks: 0 },
  events: {
    draft: (_, { text }) => ({ draft: text }),
    send: ({ messages }, { text }) => ({ messages: [...messages, text], draft: "" }),
  },
  tick: { everyMs: 90, change: ({ ticks }) => ({ ticks: ticks + 1 }) },
  render: ({ messages, draft, ticks }) => html`
    <ul>${repeat(
      messages,
      (_, i) => i,
      (message) => html`<li>${message}</li>`,
    )}</ul>
    <form live-change="draft" live-submit="send"><textarea name="text" aria-label="Message" .value=${draft}></textarea><button>Send</button></form>
    <p data-live>${ticks} received</p>`,
  async use(page, agree) {
    await page.getByLabel("Message").click();
    await page.keyboard.type("one two three", { delay: 25 });
    await page.getByRole("button", { name: "Send" }).click();
    await agree();
    await page.getByLabel("Message").click();
    await page.keyboard.type("four", { delay: 25 });
    await page.keyboard.press("Home");
    await page.keyboard.type("not ", { delay: 25 });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await agree();
    await page.getByLabel("Message").pressSequentially("draft", { delay: 10 });
    await agree();
  },
  result: { messages: ["Hello", "one two three", "not four"], draft: "draft" },
});

const timer = definePage<{ seconds: number; note: string; isRunning: boolean }>("timer", {
  start: { seconds: 0, note: "", isRunning: true },
  events: {
    note: (_, { note }) => ({ note }),
    toggle: ({ isRunning }) => ({ isRunning: !isRunning }),
  },
  tick: {
    everyMs: 60,
    change: ({ seconds, isRunning }) => ({ seconds: isRunning ? seconds + 1 : seconds }),
  },
  render: ({ seconds, note, isRunning }) => html`<h1 data-live>${seconds}</h1>
    <button type="button" live-click="toggle">${isRunning ? "Pause" : "Start"}</button>
    <form live-change="note"><input name="note" aria-label="Note" value=${note} live-throttle="150"></form><p>${note}</p>`,
  async use(page, agree) {
    await page.getByLabel("Note").click();
    await page.keyboard.type("a long note", { delay: 35 });
    await page.getByRole("button", { name: "Pause" }).click();
    await agree();
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByLabel("Note").press("End");
    await page.keyboard.type("!", { delay: 35 });
    await page.keyboard.press("Tab");
    await agree();
  },
  result: { note: "a long note!", isRunning: true },
});

const inline = definePage<{ titles: readonly string[]; editing: number }>("inline", {
  start: { titles: ["alpha", "beta"], editing: -1 },
  events: {
    edit: (_, { at }) => ({ editing: Number(at) }),
    save: ({ titles, editing }, { title }) => ({
      titles: titles.map((each, i) => (i === editing ? title : each)),
      editing: -1,
    }),
    cancel: () => ({ editing: -1 }),
  },
  render: ({ titles, editing }) =>
    html`<ul live-window-keydown="cancel" live-key="Escape">${titles.map(
      (title, i) =>
        html`<li>${
          i === editing
            ? html`<form live-submit="save"><input name="title" aria-label="Title" .value=${title} autofocus></form>`
            : html`<button type="button" live-click="edit" live-value-at=${i}>${title}</button>`
        }</li>`,
    )}</ul>`,
  async use(page, agree) {
    await page.getByRole("button", { name: "beta" }).click();
    await agree();
    await page.keyboard.press("End");
    await page.keyboard.type("max", { delay: 10 });
    await page.keyboard.press("Enter");
    await agree();
    await page.getByRole("button", { name: "alpha" }).click();
    await agree();
    await page.keyboard.type("lost", { delay: 10 });
    await page.keyboard.press("Escape");
    await agree();
  },
  result: { titles: ["alpha", "betamax"], editing: -1 },
});

const dialog = definePage<{ name: string; names: readonly string[] }>("dialog", {
  start: { name: "", names: [] },
  events: {
    change: (_, { name }) => ({ name }),
    save: ({ names }, { name }) => ({ names: [...names, name], name: "" }),
  },
  render: ({
    name,
    names,
  }) => html`<button type="button" live-click=${js.show("#box").focusFirst("#box")}>Open</button>
    <div id="box" hidden role="dialog" live-window-keydown=${js.hide("#box")} live-key="Escape">
      <form live-change="change" live-submit=${js.push("save").hide("#box")}><input name="name" aria-label="Name" .value=${name}><button>Save</button></form></div>
    <p>${names.join(", ")}</p>`,
  async use(page, agree) {
    for (const name of ["Ada", "Bob"]) {
      await page.getByRole("button", { name: "Open" }).click();
      await page.getByLabel("Name").click();
      await page.keyboard.type(name, { delay: 15 });
      await page.keyboard.press("Enter");
      await agree();
    }
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByLabel("Name").pressSequentially("C", { delay: 15 });
    await page.keyboard.press("Escape");
    await agree();
    await page.locator("#box").waitFor({ state: "hidden" });
  },
  result: { name: "C", names: ["Ada", "Bob"] },
});

const widget = definePage<{ stars: string; text: string }>("widget", {
  start: { stars: "1", text: "" },
  events: { change: (_, { stars, text }) => ({ stars, text }) },
  script: `addEventListener("DOMContentLoaded", () => {
    const hidden = document.querySelector("[name=stars]");
    for (const star of ["1", "2", "3"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Star " + star;
      button.onclick = () => {
        hidden.value = star;
        hidden.dispatchEvent(new Event("input", { bubbles: true }));
      };
      document.querySelector("#stars").append(button);
    }
    const wrapper = document.createElement("span");
    const input = document.querySelector("[name=text]");
    input.replaceWith(wrapper);
    wrapper.append(input);
  });`,
  render: ({
    stars,
    text,
  }) => html`<form live-change="change"><input type="hidden" name="stars" .value=${stars}>
      <div id="stars" live-ignore></div><input name="text" aria-label="Text" .value=${text}></form><p>${stars} ${text}</p>`,
  async use(page, agree) {
    await page.getByRole("button", { name: "Star 3" }).click();
    await page.getByLabel("Text").click();
    await page.keyboard.type("fine", { delay: 20 });
    await agree();
    await page.getByRole("button", { name: "Star 2" }).click();
    await agree();
  },
  result: { stars: "2", text: "fine" },
});

const translated = definePage<{ name: string; visits: number }>("translated", {
  start: { name: "world", visits: 1 },
  events: { name: (_, { name }) => ({ name }), visit: ({ visits }) => ({ visits: visits + 1 }) },
  // Translates changed text repeatedly, as browsers do, but only after the first click, when the page has settled.
  script: `addEventListener("click", () => setInterval(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      if (!text.data.trim() || text.parentElement.closest("font,script,style,title")) continue;
      const font = document.createElement("font");
      font.textContent = text.data;
      text.replaceWith(font);
    }
  }, 40), { once: true });`,
  render: ({ name, visits }) => html`<h1>Hello ${name}</h1><p>${visits} visits</p>
    <form live-change="name"><input name="name" aria-label="Name" .value=${name}></form>
    <button type="button" live-click="visit">Visit</button>${visits > 1 ? html`<p>Welcome back, ${name}</p>` : nothing}`,
  async use(page, agree) {
    await page.getByRole("heading").click();
    await page.getByLabel("Name").fill("");
    await page.getByLabel("Name").pressSequentially("Ada", { delay: 30 });
    await page.getByRole("button").click();
    await agree();
    await page.getByRole("button").click();
    await agree();
  },
  result: { name: "Ada", visits: 3 },
});

const tabs = definePage<{ tab: string; notes: string; seen: number }>("tabs", {
  start: { tab: "one", notes: "", seen: 1 },
  events: {
    tab: ({ seen }, { name }) => ({ tab: name, seen: seen + 1 }),
    notes: (_, { notes }) => ({ notes }),
  },
  render: ({ tab, notes, seen }) => html`<div role="tablist">${["one", "two"].map(
    (name) => html`<button type="button" role="tab" aria-selected=${tab === name ? "true" : "false"}
      live-click=${js.addClass("chosen").push("tab", { value: { name } })}>${name}</button>`,
  )}</div>
    <section ?hidden=${tab !== "one"}><form live-change="notes"><textarea name="notes" aria-label="Notes" .value=${notes} live-debounce="5000"></textarea></form></section>
    <section ?hidden=${tab !== "two"}><p>${notes.length} characters</p></section><p>${seen}</p>`,
  async use(page, agree) {
    await page.getByLabel("Notes").pressSequentially("twelve chars", { delay: 10 });
    await page.getByRole("tab", { name: "two" }).click();
    await agree();
    await page.getByRole("tab", { name: "one" }).press("Enter");
    await agree();
    await page.getByLabel("Notes").press("End");
    await page.keyboard.type(".");
    await page.getByRole("tab", { name: "two" }).click();
    await agree();
  },
  result: { tab: "two", notes: "twelve chars.", seen: 4 },
});

const editor = definePage<{ text: string; saved: string }>("editor", {
  start: { text: "", saved: "" },
  events: { change: (_, { text }) => ({ text }), save: ({ text }) => ({ saved: text }) },
  render: ({
    text,
    saved,
  }) => html`<form live-change="change"><textarea name="text" aria-label="Text" .value=${text} live-debounce="5000"></textarea></form>
    <div live-window-keydown="save" live-key="F2"></div><p>${saved}</p>`,
  async use(page, agree) {
    await page.getByLabel("Text").click();
    await page.keyboard.type("saved by a key", { delay: 10 });
    await page.keyboard.press("F2");
    await agree();
    await page.keyboard.type(", twice", { delay: 10 });
    await page.keyboard.press("F2");
    await agree();
  },
  result: { text: "saved by a key, twice", saved: "saved by a key, twice" },
});

/** Pages that scripts, timers and commands change. */
export const scriptedPages = [chat, timer, inline, dialog, widget, translated, tabs, editor];
