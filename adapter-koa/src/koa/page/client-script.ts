import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Context } from "koa";
import { LiveError } from "../../live/live-error.js";

type Encoding = "br" | "gzip" | "identity";

/** A file of the bundle, with the encodings that browsers have requested. */
interface ScriptFile {
  readonly hash: string;
  readonly encoded: Partial<Record<Encoding, Buffer>> & { identity: Buffer };
}

const entry = "live-session.js";
const year = 365 * 24 * 3600;

/** The files by name. All servers of a process share them, because compressing takes longer than serving a page. */
const files = new Map<string, ScriptFile>();

/**
 * Serves the script-tag bundle of the elements: its entry file and the lazy modules that the client loads when a page
 * needs them. Each file is read once, and compressed when a browser first requests the encoding. The entry file has a
 * hash of its content in its URL; the names of the lazy modules contain one.
 */
export class ClientScript {
  readonly #directory: string;
  #names: readonly string[] | undefined;

  /** @param directory the option `path`, such as `/live` */
  constructor(directory: string) {
    this.#directory = `${directory}/`;
  }

  /** The URL of the entry file; it changes when the content changes. */
  get url(): string {
    return `${this.#directory}${entry}?v=${load(entry).hash}`;
  }

  /**
   * Answers a request for a file of the bundle. Returns false if the path is not one of its files.
   *
   * @param path the path within the app
   */
  serve(ctx: Context, path = ctx.path): boolean {
    if (!path.startsWith(this.#directory)) return false;
    const name = path.slice(this.#directory.length);
    this.#names ??= readdirSync(scriptDirectory()).filter((file) => file.endsWith(".js"));
    if (!this.#names.includes(name)) return false;
    const file = load(name);
    // Asks for each encoding in turn, because browsers name gzip first and a single call would prefer their order.
    const encoding =
      (["br", "gzip"] as const).find((name) => ctx.acceptsEncodings(name)) ?? "identity";
    const isImmutable = name !== entry || ctx.query.v === file.hash;
    ctx.type = "text/javascript";
    ctx.vary("Accept-Encoding");
    ctx.set("Cache-Control", isImmutable ? `public, max-age=${year}, immutable` : "no-cache");
    ctx.set("Cross-Origin-Resource-Policy", "cross-origin");
    ctx.set("Access-Control-Allow-Origin", "*");
    ctx.etag = `${file.hash}-${encoding}`;
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return true;
    }
    if (encoding !== "identity") ctx.set("Content-Encoding", encoding);
    ctx.body = file.encoded[encoding] ??= compress(file.encoded.identity, encoding);
    return true;
  }
}

function load(name: string): ScriptFile {
  const loaded = files.get(name) ?? toFile(readFileSync(join(scriptDirectory(), name)));
  files.set(name, loaded);
  return loaded;
}

function scriptDirectory(): string {
  try {
    return dirname(
      createRequire(import.meta.url).resolve(`@live-session/components/script/${entry}`),
    );
  } catch (cause) {
    throw new LiveError("LIVE_ERR_OPTION", "the client script has not been built", {
      expected: "@live-session/components with its script; in a checkout, run `npm run build`",
      cause,
    });
  }
}

function toFile(identity: Buffer): ScriptFile {
  const hash = createHash("sha256").update(identity).digest("base64url").slice(0, 12);
  return { hash, encoded: { identity } };
}

/** Compresses a file. Brotli's quality 10 takes less time than 9 for such a file, and 11 twice the time for 2 %. */
function compress(file: Buffer, encoding: Encoding): Buffer {
  if (encoding === "gzip") return gzipSync(file, { level: 9 });
  return brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } });
}
