import { createHash } from "node:crypto";
import type { ClientScript } from "./client-script.js";

/**
 * The static files that a page has loaded, as a digest of their URLs. It travels in the page's hand-over, so
 * that each join can tell whether they have changed since.
 */
export class Statics {
  readonly #urls: readonly string[] | undefined;
  readonly #script: ClientScript;
  #digest: string | undefined;

  /**
   * @param urls of the app's own files; nothing is tracked without
   * @param script the client script, which counts too
   */
  constructor(urls: readonly string[] | undefined, script: ClientScript) {
    this.#urls = urls;
    this.#script = script;
  }

  /** What goes into a hand-over; empty when nothing is tracked. */
  get digest(): string {
    this.#digest ??= this.#urls ? toDigest([this.#script.url, ...this.#urls]) : "";
    return this.#digest;
  }

  /** Whether a page of this digest has loaded other files than the ones that pages load now. */
  haveChanged(digest: string): boolean {
    return this.digest !== "" && digest !== this.digest;
  }
}

const toDigest = (urls: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(urls)).digest("base64url").slice(0, 12);
