import { expect } from "chai";
import { html } from "lit";
import "../src/live-file-input.js";
import type { FileInputEntry, LiveFileInputElement } from "../src/live-file-input.js";
import { violations } from "./support/accessibility.js";
import { sendKeys } from "./support/commands.js";
import { liveFixture, until } from "./support/live-fixture.js";

const entry = (ref: string, more: Partial<FileInputEntry> = {}): FileInputEntry => ({
  ref,
  name: `${ref}.png`,
  type: "image/png",
  progress: 0,
  errors: [],
  ...more,
});

const upload = (entries: readonly FileInputEntry[], maxEntries = 3) => ({
  name: "files",
  accept: "image/*",
  maxEntries,
  entries,
});

function fixture(entries: readonly FileInputEntry[], maxEntries?: number) {
  const { wrapper } = liveFixture(
    html`<live-file-input .upload=${upload(entries, maxEntries)}>
      <input type="file" name="files" aria-label="Files">
    </live-file-input>`,
  );
  const element = wrapper.querySelector("live-file-input") as LiveFileInputElement;
  const root = element.shadowRoot as ShadowRoot;
  const parts = (part: string) => [...root.querySelectorAll<HTMLElement>(`[part~=${part}]`)];
  const texts = (part: string) => parts(part).map(({ textContent }) => textContent);
  return { element, root, wrapper, parts, texts };
}

describe("<live-file-input>", () => {
  it("shows the files of its upload, with progress and errors, accessibly", async () => {
    const { element, wrapper, parts, texts } = fixture([
      entry("a", { progress: 40 }),
      entry("b", { errors: ["too-large", "another"] }),
    ]);
    expect(texts("name")).to.deep.equal(["a.png", "b.png"]);
    expect(texts("error")).to.deep.equal(["", "The file is too large. another"]);
    const [first, second] = parts("progress") as HTMLProgressElement[];
    expect([first?.value, first?.hidden, second?.hidden]).to.deep.equal([40, false, true]);
    expect(await violations(wrapper)).to.deep.equal([]);
    element.upload = upload([entry("b")]);
    expect(texts("name")).to.deep.equal(["b.png"]);
    expect(texts("error")).to.deep.equal([""]);
  });

  it("hides its content, which is for pages without the script", () => {
    const { wrapper } = fixture([]);
    expect(wrapper.querySelector<HTMLElement>("live-file-input input")?.checkVisibility()).to.equal(
      false,
    );
  });

  it("opens the file dialog by the keyboard, for one or several files of the accepted types", async () => {
    const { element, root, parts } = fixture([]);
    const input = root.querySelector("input") as HTMLInputElement;
    expect([input.accept, input.multiple]).to.deep.equal(["image/*", true]);
    let opened = 0;
    input.addEventListener("click", (e) => {
      e.preventDefault();
      opened++;
    });
    element.focus();
    expect(root.activeElement).to.equal(parts("button")[0]);
    await sendKeys({ press: "Enter" });
    await until(() => opened === 1);
    element.upload = upload([], 1);
    expect(input.multiple).to.equal(false);
  });

  it("marks its area while files are dragged over it, but not for other content", () => {
    const { parts } = fixture([]);
    const [area] = parts("area");
    const drag = (type: string, dataTransfer: DataTransfer) => {
      const event = new DragEvent(type, { dataTransfer, cancelable: true, bubbles: true });
      area?.dispatchEvent(event);
      return [event.defaultPrevented, area?.part.contains("dragging")];
    };
    const files = new DataTransfer();
    files.items.add(new File(["a"], "a.png"));
    const text = new DataTransfer();
    text.setData("text/plain", "text");
    expect(drag("dragover", text)).to.deep.equal([false, false]);
    expect(drag("dragover", files)).to.deep.equal([true, true]);
    expect(drag("dragleave", files)).to.deep.equal([true, false]);
    drag("dragenter", files);
    expect(drag("drop", files)).to.deep.equal([true, false]);
  });

  it("keeps the focus beside a file that is removed", () => {
    const { element, root, parts } = fixture([entry("a"), entry("b"), entry("c")]);
    const focused = () => root.activeElement?.getAttribute("aria-label");
    parts("cancel")[1]?.focus();
    element.upload = upload([entry("a"), entry("c")]);
    expect(focused()).to.equal("Remove c.png");
    element.upload = upload([entry("a")]);
    expect(focused()).to.equal("Remove a.png");
    element.upload = upload([]);
    expect(root.activeElement).to.equal(parts("button")[0]);
  });

  it("shows its own texts in another language", () => {
    const { element, parts, texts } = fixture([entry("$&", { errors: ["failed"] })], 1);
    expect([...texts("button"), ...texts("hint")]).to.deep.equal([
      "Choose a file",
      "or drop it here",
    ]);
    element.texts = { choose: "Bild auswählen", cancel: "{name} entfernen", errors: {} };
    expect([...texts("button"), ...texts("hint"), ...texts("error")]).to.deep.equal([
      "Bild auswählen",
      "or drop it here",
      "The file could not be uploaded.",
    ]);
    expect(parts("cancel")[0]?.getAttribute("aria-label")).to.equal("$&.png entfernen");
  });
});
