import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Context } from "koa";
import { LiveError } from "../live/live-error.js";

interface Encodings {
  readonly hash: string;
  readonly identity: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

const year = 365 * 24 * 3600;

/** The script-tag bundle of the elements, read and compressed once, served under its content's hash. */
export class ClientScript {
  readonly path: string;
  #encodings: Encodings | undefined;

  /** @param directory where the live sessions' own URLs are, such as `/live` */
  constructor(directory: string) {
    this.path = `${directory}/live-session.js`;
  }

  /** The script's URL for a page; it changes with the content. */
  get url(): string {
    return `${this.path}?v=${this.#load().hash}`;
  }

  /** Answers a request for the script. */
  serve(ctx: Context): void {
    const { hash, ...encodings } = this.#load();
    // Asked about one by one: browsers name gzip first, and all at once would leave the order to them.
    const encoding = ctx.acceptsEncodings("br") || ctx.acceptsEncodings("gzip") || "identity";
    ctx.type = "text/javascript";
    ctx.vary("Accept-Encoding");
    ctx.set("Cache-Control", ctx.query.v === hash ? `public, max-age=${year}, immutable` : "no-cache");
    ctx.set("Cross-Origin-Resource-Policy", "cross-origin");
    ctx.set("Access-Control-Allow-Origin", "*");
    ctx.etag = `${hash}-${encoding}`;
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    if (encoding !== "identity") ctx.set("Content-Encoding", encoding);
    ctx.body = encodings[encoding as keyof typeof encodings];
  }

  #load(): Encodings {
    this.#encodings ??= toEncodings(readBundle());
    return this.#encodings;
  }
}

function readBundle(): Buffer {
  const file = createRequire(import.meta.url).resolve("@live-session/components/live-session.bundle.js");
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new LiveError("LIVE_ERR_OPTION", "the client script has not been built", {
      expected: "@live-session/components with its bundle; in a checkout, run `npm run build`",
      cause,
    });
  }
}

function toEncodings(identity: Buffer): Encodings {
  return {
    hash: createHash("sha256").update(identity).digest("base64url").slice(0, 12),
    identity,
    gzip: gzipSync(identity, { level: 9 }),
    br: brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  };
}
