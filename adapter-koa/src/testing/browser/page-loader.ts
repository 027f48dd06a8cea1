import type { IncomingHttpHeaders } from "node:http";
import { failure, messageOf } from "../failure.js";
import { PageHtml } from "../html/page-html.js";
import type { AppServer } from "./app-server.js";
import type { CookieJar } from "./cookie-jar.js";

/** A redirect that was followed to load a page. */
export interface FollowedRedirect {
  readonly status: number;
  readonly from: string;
  readonly to: string;
}

/** The data that a page contains for the join of its view. */
export interface PageJoinInfo {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** The path of the socket. */
  readonly socketPath: string;
}

/** A page as it was loaded over HTTP. */
export interface LoadedPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly html: string;
  readonly redirects: readonly FollowedRedirect[];
  /** `undefined` on a page without a live view. */
  readonly joinInfo: PageJoinInfo | undefined;
}

/** The request for a page. */
export interface PageRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  /** The encoded fields of a form. */
  readonly body?: string | Buffer;
  /** The type of the body; URL-encoded by default. */
  readonly contentType?: string;
}

const maxRedirects = 20;

/** Returns the path of a URL of this origin, and the full URL for another origin. */
export const toPath = (url: URL, origin: string): string =>
  url.origin === origin ? url.pathname + url.search + url.hash : url.href;

/** Loads pages as a browser does: stores cookies, and follows redirects within the app. */
export class PageLoader {
  readonly #server: AppServer;
  readonly #cookies: CookieJar;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(server: AppServer, cookies: CookieJar, headers: Readonly<Record<string, string>>) {
    this.#server = server;
    this.#cookies = cookies;
    this.#headers = headers;
  }

  /** Returns the headers of a request to the host of a URL. */
  headersFor(url: URL): Record<string, string> {
    const cookie = this.#cookies.header;
    return { host: url.host, ...this.#headers, ...(cookie !== "" && { cookie }) };
  }

  /**
   * Loads a page.
   *
   * @throws AssertionError with the app's error as its cause, when the app answers 500 or above
   */
  async load(request: PageRequest): Promise<LoadedPage> {
    const redirects: FollowedRedirect[] = [];
    const { origin } = request.url;
    for (let next: PageRequest = request; ; ) {
      const { url } = next;
      const { status, headers, text } = await this.#send(next);
      const { location } = headers;
      if (status >= 300 && status < 400 && location !== undefined) {
        const target = new URL(location, url);
        redirects.push({ status, from: toPath(url, origin), to: toPath(target, origin) });
        if (redirects.length > maxRedirects) {
          throw failure(`${toPath(request.url, origin)} redirects endlessly`, {
            candidates: redirects.map(({ from, to }) => `${from} → ${to}`),
          });
        }
        if (target.origin === origin) {
          next = redirected(next, status, target);
          continue;
        }
      }
      return { url, status, headers, html: text, redirects, joinInfo: joinInfoOf(text) };
    }
  }

  async #send({ url, method, body, contentType }: PageRequest) {
    const { errorCount } = this.#server;
    const headers = {
      accept: "text/html",
      ...this.headersFor(url),
      ...(method === "POST" && {
        "content-type": contentType ?? "application/x-www-form-urlencoded",
        origin: url.origin,
      }),
    };
    const answer = await this.#server.request({
      method,
      url,
      headers,
      ...(body !== undefined && { body }),
    });
    this.#cookies.take(answer.headers["set-cookie"]);
    const cause = this.#server.errorSince(errorCount);
    if (answer.status >= 500 && cause !== undefined) {
      const what = `${method} ${url.pathname} responded with ${answer.status}`;
      throw failure(`${what}: ${messageOf(cause)}`, { cause });
    }
    return answer;
  }
}

/** Returns the request that follows a redirect. Browsers repeat the method and the body only for 307 and 308. */
const redirected = (request: PageRequest, status: number, url: URL): PageRequest =>
  status === 307 || status === 308 ? { ...request, url } : { method: "GET", url };

function joinInfoOf(html: string): PageJoinInfo | undefined {
  const [element] = new PageHtml(html).all("live-session[token]");
  if (!element) return undefined;
  const {
    id = "",
    token = "",
    "csrf-token": csrfToken = "",
    url: socketPath = "",
  } = element.attribs;
  return { id, token, csrfToken, socketPath };
}
