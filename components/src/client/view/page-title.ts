/** The title of the page, which the views of a main live session set one after the other. */
export class PageTitle {
  /** The document's title for views without a title of their own. */
  #own: string | undefined;
  #isSet = false;

  /** Shows the title of a view that has been joined. A view without a title gets that of the document. */
  start(title: string | undefined): void {
    if (title !== undefined) this.set(title);
    else if (this.#isSet) this.set("");
    else this.#own ??= document.title;
  }

  /**
   * Sets the title, between the `data-prefix` and `data-suffix` of the `<title>` element. An empty title is replaced by
   * `data-default`, or else by the title that the document had before a view set one.
   */
  set(title: string): void {
    this.#isSet = true;
    const {
      prefix = "",
      suffix = "",
      default: fallback,
    } = document.querySelector<HTMLElement>("head > title")?.dataset ?? {};
    const text = title.trim() ? title : fallback;
    const full = text === undefined ? (this.#own ?? prefix + suffix) : prefix + text + suffix;
    // A form or an image with the name `title` hides the property of the document.
    Reflect.set(Document.prototype, "title", full, document);
  }
}
