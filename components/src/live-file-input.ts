import type { BindingElement } from "./client/bindings/binder.js";
import type { Uploads } from "./client/uploads/uploads.js";

/** An entry of an upload, as the view sends it. */
export interface FileInputEntry {
  readonly ref: string;
  readonly name: string;
  readonly type: string;
  readonly progress: number;
  readonly errors: readonly string[];
}

/** The state of an upload, as the view sends it: `uploads.avatar`. */
export interface FileInputUpload {
  readonly name: string;
  readonly accept: string;
  readonly maxEntries: number;
  readonly entries: readonly FileInputEntry[];
}

/** The texts of a `<live-file-input>`. */
export interface LiveFileInputTexts {
  /** The button that opens the file dialog. */
  readonly choose: string;
  /** The text beside it. */
  readonly drop: string;
  /** The label of the button that removes a file; `{name}` is replaced by its name. */
  readonly cancel: string;
  /** The messages of the errors, by code. */
  readonly errors: Readonly<Record<string, string>>;
}

const english: LiveFileInputTexts = {
  choose: "Choose files",
  drop: "or drop them here",
  cancel: "Remove {name}",
  errors: {
    "too-large": "The file is too large.",
    "too-many-files": "There are too many files.",
    "not-accepted": "Files of this type are not accepted.",
    "no-space": "There is not enough space.",
    failed: "The file could not be uploaded.",
  },
};

/** The texts of an upload of one file. */
const englishForOne = { choose: "Choose a file", drop: "or drop it here" };

const styles = `
  :host { display: block; }
  :host([hidden]) { display: none; }
  [part~="area"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: center;
    padding: 1rem;
    border: 2px dashed var(--live-file-input-border-color, GrayText);
    border-radius: 0.5rem;
  }
  [part~="dragging"] {
    border-color: var(--live-file-input-accent-color, Highlight);
    border-style: solid;
  }
  button {
    padding: 0.375rem 0.75rem;
    border: 1px solid currentColor;
    border-radius: 0.375rem;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  ul { display: grid; gap: 0.5rem; margin: 0.75rem 0 0; padding: 0; list-style: none; }
  ul:empty { margin: 0; }
  li { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; }
  [part="preview"] {
    width: var(--live-file-input-preview-size, 3rem);
    height: var(--live-file-input-preview-size, 3rem);
    object-fit: cover;
    border-radius: 0.25rem;
  }
  [part="name"] { flex: 1; overflow-wrap: anywhere; }
  progress { width: 8rem; accent-color: var(--live-file-input-accent-color, Highlight); }
  [part="error"] { flex-basis: 100%; color: var(--live-file-input-error-color, light-dark(#b3261e, #f2b8b5)); }
`;

// Not a Lit element: the script tag loads this file beside the one that contains Lit.
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement;

/**
 * Chooses the files of an upload, by a button or by dropping them, and shows them with previews, progress and errors.
 *
 * @example
 * ```html
 * <script type="module" src="/live/live-file-input.js"></script>
 * <live-file-input .upload=${uploads.avatar}></live-file-input>
 * ```
 *
 * @csspart area - The area for dropping files; it has the part `dragging` too while files are over it.
 * @csspart button - The button that opens the file dialog.
 * @csspart hint - The text beside it.
 * @csspart list - The list of files.
 * @csspart entry - A file.
 * @csspart preview - The preview of an image.
 * @csspart name - The name of a file.
 * @csspart progress - The progress bar of a file.
 * @csspart cancel - The button that removes a file.
 * @csspart error - The message of a refused file.
 * @cssprop [--live-file-input-border-color=GrayText] - The line around the area.
 * @cssprop [--live-file-input-accent-color=Highlight] - The line while files are over the area, and the progress bars.
 * @cssprop [--live-file-input-error-color=light-dark(#b3261e, #f2b8b5)] - The messages.
 * @cssprop [--live-file-input-preview-size=3rem] - The width and height of a preview.
 */
export class LiveFileInputElement extends Base {
  #upload: FileInputUpload | undefined;
  #texts: Partial<LiveFileInputTexts> = {};
  readonly #input = document.createElement("input");
  readonly #area = create("div", "area");
  readonly #button = create("button", "button");
  readonly #hint = create("span", "hint");
  readonly #list = create("ul", "list");
  readonly #rows = new Map<string, Row>();

  constructor() {
    super();
    this.#build();
  }

  #build(): void {
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    this.#input.type = "file";
    this.#input.hidden = true;
    this.#button.type = "button";
    this.#area.append(this.#button, this.#hint, this.#input);
    root.append(this.#area, this.#list);
    this.#listen();
  }

  /** The state of the upload: `uploads.avatar`. */
  get upload(): FileInputUpload | undefined {
    return this.#upload;
  }

  set upload(upload: FileInputUpload | undefined) {
    this.#upload = upload;
    void this.#render();
  }

  /** Texts in another language; those that are missing stay English. */
  get texts(): Partial<LiveFileInputTexts> {
    return this.#texts;
  }

  set texts(texts: Partial<LiveFileInputTexts> | null | undefined) {
    this.#texts = texts ?? {};
    void this.#render();
  }

  /** @internal */
  connectedCallback(): void {
    // Properties that were set before the element was defined hide the accessors.
    for (const name of ["upload", "texts"] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      Reflect.deleteProperty(this, name);
      Object.assign(this, { [name]: value });
    }
    void this.#render();
  }

  /** @internal */
  disconnectedCallback(): void {
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
  }

  #listen(): void {
    this.#button.addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => {
      void this.#add(this.#input.files);
      // Otherwise the same file could not be chosen again.
      this.#input.value = "";
    });
    for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const) {
      this.#area.addEventListener(type, (e) => this.#handleDrag(e));
    }
  }

  #handleDrag(e: DragEvent): void {
    if (!e.dataTransfer?.types.includes("Files")) return;
    e.preventDefault();
    const isOver = e.type === "dragenter" || e.type === "dragover";
    this.#area.part.toggle("dragging", isOver);
    if (e.type === "drop") void this.#add(e.dataTransfer.files);
  }

  async #add(list: FileList | null | undefined): Promise<void> {
    const files = [...(list ?? [])];
    const { name } = this.#upload ?? {};
    if (name === undefined || files.length === 0) return;
    await (await this.#uploads())?.add(name, files, this.closest("form"));
    void this.#render();
  }

  async #uploads(): Promise<Uploads | undefined> {
    const session = this.closest<HTMLElement & BindingElement>("live-session");
    if (!session) return undefined;
    const { uploadsOf } = await import("./client/uploads/uploads.js");
    return uploadsOf(session);
  }

  async #render(): Promise<void> {
    const { accept = "", maxEntries = 1, entries = [] } = this.#upload ?? {};
    this.#input.accept = accept;
    this.#input.multiple = maxEntries > 1;
    const texts = this.#textsFor(maxEntries);
    this.#button.textContent = texts.choose;
    this.#hint.textContent = texts.drop;
    for (const [ref, row] of this.#rows) {
      if (!entries.some((entry) => entry.ref === ref)) this.#remove(ref, row);
    }
    for (const entry of entries) this.#rowOf(entry.ref).show(entry, texts);
    if (entries.length === 0) return;
    const uploads = await this.#uploads();
    for (const { ref, type } of entries) this.#rows.get(ref)?.preview(type, uploads?.fileOf(ref));
  }

  #textsFor(maxEntries: number): LiveFileInputTexts {
    const errors = { ...english.errors, ...this.#texts.errors };
    return { ...english, ...(maxEntries === 1 && englishForOne), ...this.#texts, errors };
  }

  /** Removes the row of a file. The focus moves to the next row, so that the keyboard stays where it was. */
  #remove(ref: string, row: Row): void {
    const { element } = row;
    const hasFocus = element.contains(this.shadowRoot?.activeElement ?? null);
    const next = element.nextElementSibling ?? element.previousElementSibling;
    row.remove();
    this.#rows.delete(ref);
    if (hasFocus) (next?.querySelector("button") ?? this.#button).focus();
  }

  #rowOf(ref: string): Row {
    const found = this.#rows.get(ref);
    if (found) return found;
    const cancel = async () => (await this.#uploads())?.cancel(ref);
    const row = new Row(() => void cancel());
    this.#rows.set(ref, row);
    this.#list.append(row.element);
    return row;
  }
}

/** The elements that show one file. */
class Row {
  readonly element = create("li", "entry");
  readonly #preview = create("img", "preview");
  readonly #name = create("span", "name");
  readonly #progress = create("progress", "progress");
  readonly #cancel = create("button", "cancel");
  readonly #error = create("span", "error");

  constructor(cancel: () => void) {
    this.#preview.alt = "";
    this.#preview.addEventListener("error", () => this.#preview.remove());
    this.#progress.max = 100;
    this.#cancel.type = "button";
    this.#cancel.textContent = "×";
    this.#cancel.addEventListener("click", cancel);
    this.#error.setAttribute("role", "alert");
    this.element.append(this.#name, this.#progress, this.#cancel, this.#error);
  }

  show({ name, progress, errors }: FileInputEntry, texts: LiveFileInputTexts): void {
    this.#name.textContent = name;
    this.#progress.value = progress;
    this.#progress.setAttribute("aria-label", name);
    this.#progress.hidden = errors.length > 0;
    this.#cancel.setAttribute(
      "aria-label",
      texts.cancel.replace("{name}", () => name),
    );
    this.#error.textContent = errors.map((code) => texts.errors[code] ?? code).join(" ");
  }

  /** Shows an image. The browser has its content, so nothing is loaded from the server. */
  preview(type: string, file: File | undefined): void {
    if (!file || this.#preview.src || !type.startsWith("image/")) return;
    this.#preview.src = URL.createObjectURL(file);
    this.element.prepend(this.#preview);
  }

  remove(): void {
    this.element.remove();
    if (this.#preview.src) URL.revokeObjectURL(this.#preview.src);
  }
}

function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  part: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.setAttribute("part", part);
  return element;
}

// Not by define.ts: the script tag's other file contains it, and would share it with this one. A server has no elements.
if (globalThis.customElements && !customElements.get("live-file-input"))
  customElements.define("live-file-input", LiveFileInputElement);

declare global {
  interface HTMLElementTagNameMap {
    "live-file-input": LiveFileInputElement;
  }
}
