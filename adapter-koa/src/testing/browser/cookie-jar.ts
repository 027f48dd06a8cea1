/** Stores the cookies of one visitor. Ignores their path and domain, because there is only one app. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  constructor(cookies: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(cookies)) this.set(name, value);
  }

  /** Returns the value of a cookie. */
  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** Sets a cookie, as a script of the page can. */
  set(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  /** Removes all cookies. */
  clear(): void {
    this.#cookies.clear();
  }

  /** The `Cookie` header of a request; empty without cookies. */
  get header(): string {
    return Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Applies the `Set-Cookie` headers of a response. */
  take(lines: readonly string[] = []): void {
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const separator = pair.indexOf("=");
    const name = pair.slice(0, separator).trim();
    if (hasEnded(attributes)) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(separator + 1).trim());
  }
}

function hasEnded(attributes: readonly string[]): boolean {
  const given = new Map(
    attributes.map((attribute) => {
      const [name = "", value = ""] = attribute.split("=");
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
  const maxAge = given.get("max-age");
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = given.get("expires");
  return expires !== undefined && Date.parse(expires) <= Date.now();
}
