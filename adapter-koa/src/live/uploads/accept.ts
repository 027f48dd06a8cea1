import { lookup } from "mime-types";

/** Which files an upload accepts: the tokens of a file input's `accept`. */
export class Accept {
  readonly #tokens: readonly string[];

  /** @param tokens extensions (`.jpg`) and MIME types (`image/*`); all files without a token */
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens.map((token) => token.trim().toLowerCase());
  }

  /** Whether every file is accepted. */
  get isAny(): boolean {
    return this.#tokens.length === 0;
  }

  /** Whether a file of this name and type is accepted. */
  includes(name: string, type: string): boolean {
    const lower = name.toLowerCase();
    return (
      this.isAny ||
      this.includesType(type) ||
      this.#tokens.some((token) => token.startsWith(".") && lower.endsWith(token))
    );
  }

  /** Whether a MIME type is accepted, either itself or as the type of an accepted extension. */
  includesType(type: string): boolean {
    return this.isAny || this.#tokens.some((token) => matches(token, type));
  }

  /** Returns the value of the attribute `accept`. */
  toString(): string {
    return this.#tokens.join(",");
  }
}

function matches(token: string, type: string): boolean {
  if (token.startsWith(".")) return lookup(token) === type;
  return token.endsWith("/*") ? type.startsWith(token.slice(0, -1)) : token === type;
}

/** Whether a token is an extension or a MIME type. */
export const isAcceptToken = (token: unknown): token is string =>
  typeof token === "string" && /^(?:\.[\w.+-]+|[\w.+-]+\/(?:\*|[\w.+-]+))$/.test(token.trim());
