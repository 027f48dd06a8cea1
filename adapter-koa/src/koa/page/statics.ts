import { createHash } from "node:crypto";
import type { ClientScript } from "./client-script.js";

/**
 * Detects pages with outdated static files. The join token of a page contains a digest of the URLs that the page has
 * loaded; each join compares it with the current digest.
 */
export class Statics {
  readonly #urls: readonly string[] | undefined;
  readonly #script: ClientScript;
  #digest: string | undefined;

  /**
   * @param urls the URLs of the app's files; without it nothing is tracked
   * @param script the client script, whose URL is part of the digest
   */
  constructor(urls: readonly string[] | undefined, script: ClientScript) {
    this.#urls = urls;
    this.#script = script;
  }

  /** The current digest for a join token; empty when nothing is tracked. */
  get digest(): string {
    this.#digest ??= this.#urls ? toDigest([this.#script.url, ...this.#urls]) : "";
    return this.#digest;
  }

  /** Returns whether a page with this digest has loaded files that are no longer current. */
  haveChanged(digest: string): boolean {
    return this.digest !== "" && digest !== this.digest;
  }
}

const toDigest = (urls: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(urls)).digest("base64url").slice(0, 12);
