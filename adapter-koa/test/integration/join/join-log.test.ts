import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const support = (file: string): string => new URL(`../../support/${file}`, import.meta.url).href;

/** Joins with a wrong CSRF token. */
const script = `
  const { startServer } = await import("${support("server.js")}");
  const { Visitor } = await import("${support("visitor.js")}");
  const { LiveRouter } = await import("@live-session/adapter-koa");
  const { emptyLive } = await import("${support("views/counter-live.js")}");
  const ends = [];
  const server = await startServer({ after: (end) => ends.push(end) }, new LiveRouter().live("/", emptyLive));
  const visitor = new Visitor(server);
  const page = await visitor.load("/");
  const connection = await visitor.connect();
  await connection.join(page, { params: { _csrf_token: "a secret token" } });
  for (const end of ends) await end();
`;

describe("a refused join", () => {
  it("is logged with its reason and without its tokens for NODE_DEBUG=live:join", async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [
        "--conditions=@live-session/source",
        "--import=tsx",
        "--input-type=module",
        "--eval",
        script,
      ],
      { env: { ...process.env, NODE_DEBUG: "live:join" } },
    );
    assert.match(
      stderr,
      /^LIVE:JOIN \d+: join of lv:live-\S+ refused: stale \(the CSRF token does not belong to the HTTP session of the socket\)\n$/,
    );
  });
});
