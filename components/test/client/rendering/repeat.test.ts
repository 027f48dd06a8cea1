import { expect } from "chai";
import { html, render, type TemplateResult } from "lit";
import { keepState } from "../../../src/client/forms/keep-state.js";
import { inputKeeper } from "../../../src/client/forms/keeper.js";
import { setInputKeeper } from "../../../src/client/rendering/input-keeper.js";
import { repeat } from "../../../src/client/rendering/repeat.js";

const container = document.createElement("div");

type Row = (key: string) => unknown;

interface Item {
  readonly id: string;
  readonly text: string;
}

const rowOf: Row = (key) => html`<li id=${key}><input value=${key} /></li>`;

const list = (keys: readonly string[], row = rowOf): TemplateResult =>
  html`<ul>${repeat(keys, (key) => key, row)}</ul>`;

function show(keys: string, row?: Row): void {
  render(list([...keys], row), container);
}

const shown = (): string => Array.from(container.querySelectorAll("li"), ({ id }) => id).join("");

const find = <T extends HTMLElement>(selector: string): T => container.querySelector<T>(selector)!;

/** Counts the comments in the list. */
const comments = (): number =>
  [...find("ul").childNodes].filter((node) => node instanceof Comment).length;

/** Returns a random order of some of the keys. */
function shuffled(keys: string): string {
  const chosen = [...keys].filter(() => Math.random() < 0.7);
  return chosen.sort(() => Math.random() - 0.5).join("");
}

const canMove = "moveBefore" in Element.prototype;
const { moveBefore } = Element.prototype;

before(() => setInputKeeper({ ...inputKeeper, keepState }));
beforeEach(() => {
  document.body.append(container);
});
afterEach(() => {
  if (canMove) Element.prototype.moveBefore = moveBefore;
  container.remove();
  render(null, container);
});

/** Returns the URL of a WAV file with a second of silence. */
function silence(): string {
  const samples = 8000;
  const bytes = new DataView(new ArrayBuffer(44 + samples));
  const write = (at: number, text: string): void => {
    for (const [i, char] of [...text].entries()) bytes.setUint8(at + i, char.charCodeAt(0));
  };
  write(0, "RIFF");
  bytes.setUint32(4, 36 + samples, true);
  write(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, samples, true);
  bytes.setUint32(28, samples, true);
  bytes.setUint16(32, 1, true);
  bytes.setUint16(34, 8, true);
  write(36, "data");
  bytes.setUint32(40, samples, true);
  for (let i = 44; i < bytes.byteLength; i++) bytes.setUint8(i, 128);
  return URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
}

describe("repeat", () => {
  it("shows every order of rows and keeps their elements", () => {
    let before = "";
    for (let i = 0; i < 300; i++) {
      const elements = new Map([...before].map((key) => [key, find(`#${key}`)]));
      const after = shuffled("abcdefghij");
      show(after);
      expect(shown(), `${before} → ${after}`).to.equal(after);
      for (const key of after) {
        const element = elements.get(key);
        if (element) expect(find(`#${key}`)).to.equal(element);
      }
      before = after;
    }
  });

  it("renders a row only if its item is another one", () => {
    let rendered = "";
    const rowOf = ({ id, text }: Item): TemplateResult => {
      rendered += id;
      return html`<li id=${id}>${text}</li>`;
    };
    const draw = (...items: readonly Item[]): string => {
      rendered = "";
      render(html`<ul>${repeat(items, ({ id }) => id, rowOf)}</ul>`, container);
      return rendered;
    };
    const [a, b, c] = ["a", "b", "c"].map((id) => ({ id, text: "old" })) as [Item, Item, Item];
    draw(a, b, c);
    draw(a, b, c);
    expect(draw(a, b, c)).to.equal("");
    expect(draw(a, { id: "b", text: "new" }, c)).to.equal("b");
    expect(draw(c, a)).to.equal("");
    expect(draw({ id: "d", text: "new" }, a, c)).to.equal("d");
    expect(find("ul").textContent).to.equal("newoldold");
  });

  it("leaves no comments behind when rows are removed", () => {
    show("abc");
    const before = comments();
    for (let i = 0; i < 60; i++) {
      show("ac");
      show("abc");
      show("");
      show("abc");
    }
    expect(comments()).to.equal(before);
  });

  it("keeps the elements of equal rows in a list without keys", () => {
    const showUnkeyed = (keys: string): void => {
      render(html`<ul>${repeat([...keys], undefined, rowOf)}</ul>`, container);
    };
    showUnkeyed("abcd");
    const elements = Object.fromEntries([..."abcd"].map((key) => [key, find(`#${key}`)]));
    for (const [after, kept] of [
      ["acd", "acd"],
      ["axcd", "acd"],
      ["axcdy", "acd"],
      ["cdy", "cd"],
      ["c", "c"],
      ["", ""],
    ] as const) {
      showUnkeyed(after);
      expect(shown()).to.equal(after);
      for (const key of kept) expect(find(`#${key}`)).to.equal(elements[key]);
    }
    showUnkeyed("ab");
    const first = find("#a");
    showUnkeyed("xb");
    expect(find("#x")).to.equal(first);
  });

  it("removes the rows of a list that was rendered in another way", () => {
    render(html`<ul>${[html`<li id="x"></li>`]}</ul>`, container);
    show("");
    expect(shown()).to.equal("");
  });

  it("does not move the row that has the focus", () => {
    show("abcd");
    const input = find<HTMLInputElement>("#c input");
    let blurs = 0;
    input.addEventListener("blur", () => blurs++);
    input.focus();
    input.setSelectionRange(1, 1);
    for (const keys of ["cabd", "dabc", "badc", "c", "acx"]) {
      show(keys);
      expect(shown()).to.equal(keys);
      expect(document.activeElement).to.equal(input);
    }
    expect(input.selectionStart).to.equal(1);
    expect(blurs).to.equal(0);
  });

  it("does not move the row that contains the selection", () => {
    const row: Row = (key) => html`<li id=${key} contenteditable>${key}</li>`;
    show("abc", row);
    getSelection()!.setBaseAndExtent(find("#b").firstChild!, 0, find("#b"), 1);
    const { anchorNode, anchorOffset } = getSelection()!;
    show("bca", row);
    show("cab", row);
    expect(shown()).to.equal("cab");
    expect(getSelection()!.anchorNode).to.equal(anchorNode);
    expect(getSelection()!.anchorOffset).to.equal(anchorOffset);
  });

  for (const hasMoveBefore of canMove ? [true, false] : [false]) {
    describe(hasMoveBefore ? "with moveBefore" : "without moveBefore", () => {
      beforeEach(() => {
        if (!hasMoveBefore) delete (Element.prototype as Partial<Element>).moveBefore;
      });

      it("keeps scroll positions", () => {
        const row: Row = (key) =>
          html`<li id=${key}>
            <div style="height:20px;overflow:auto"><div style="height:200px"></div></div>
          </li>`;
        show("abc", row);
        for (const div of container.querySelectorAll("li > div")) div.scrollTop = 50;
        show("cba", row);
        const positions = [...container.querySelectorAll("li > div")].map((div) => div.scrollTop);
        expect(positions).to.deep.equal([50, 50, 50]);
      });

      it("keeps modal dialogs and popovers open", () => {
        const row: Row = (key) =>
          html`<li id=${key}><dialog></dialog><div popover="manual"></div></li>`;
        show("ab", row);
        find<HTMLDialogElement>("#a dialog").showModal();
        find<HTMLDialogElement>("#b dialog").showModal();
        for (const key of ["a", "b"]) find(`#${key} [popover]`).showPopover();
        show("ba", row);
        for (const key of ["a", "b"]) {
          expect(find(`#${key} dialog`).matches(":modal")).to.equal(true);
          expect(find(`#${key} [popover]`).matches(":popover-open")).to.equal(true);
        }
      });
    });
  }

  // Without `moveBefore`, an iframe that is moved loads again.
  if (canMove) {
    it("keeps the document of an iframe in a row that moves", async () => {
      const row: Row = (key) => html`<li id=${key}><iframe srcdoc="<p>"></iframe></li>`;
      show("abc", row);
      const frames = [...container.querySelectorAll("iframe")];
      await Promise.all(
        frames.map((frame) => new Promise((resolve) => frame.addEventListener("load", resolve))),
      );
      for (const frame of frames) frame.contentDocument!.body.textContent = "kept";
      show("cba", row);
      const texts = [...container.querySelectorAll("iframe")].map(
        (frame) => frame.contentDocument!.body.textContent,
      );
      expect(texts).to.deep.equal(["kept", "kept", "kept"]);
    });
  }

  it("keeps media playing in rows that move", async () => {
    const url = silence();
    // Browsers allow only videos to play without a click of the user.
    const row: Row = (key) => html`<li id=${key}><video loop src=${url}></video></li>`;
    show("abc", row);
    const media = [...container.querySelectorAll("video")];
    const events: string[] = [];
    for (const each of media) {
      each.muted = true;
      await each.play();
      for (const type of ["pause", "emptied", "abort", "loadstart"])
        each.addEventListener(type, () => events.push(type));
    }
    show("cba", row);
    show("bca", row);
    // A browser pauses media that has been removed at the end of the task.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([...container.querySelectorAll("video")].map((each) => each.paused)).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect(events).to.deep.equal([]);
    expect([...container.querySelectorAll("video")].every((each) => media.includes(each))).to.equal(
      true,
    );
  });
});
