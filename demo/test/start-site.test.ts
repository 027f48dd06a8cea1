import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import type { PasswordHasher } from "../src/accounts/users/password.js";
import { createSite } from "../src/app.js";
import { readConfig } from "../src/config.js";
import { type StartOptions, startSite } from "../src/start-site.js";
import { cheapHasher, uniqueEmail, validPassword } from "./support/accounts.js";
import { createSqliteDatabase, type TestDatabase } from "./support/database.js";
import { Visitor } from "./support/visitor.js";

describe("stopping a site", () => {
  let database: TestDatabase;
  before(async () => {
    database = await createSqliteDatabase();
  });
  after(() => database.remove());

  /** Starts a site whose hasher waits until `release` is called. */
  async function start(options: StartOptions) {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let waiting = 0;
    let onWait: (() => void) | undefined;
    const slowly = async () => {
      waiting += 1;
      onWait?.();
      await released;
    };
    const hasher: PasswordHasher = {
      ...cheapHasher,
      hash: async (password) => {
        await slowly();
        return cheapHasher.hash(password);
      },
    };
    const config = {
      ...readConfig({ NODE_ENV: "test", PORT: "0" }),
      database: database.config,
    };
    const site = createSite(config, { hasher, writeLine: () => undefined });
    const errors: unknown[] = [];
    site.app.on("error", (error) => errors.push(error));
    const running = await startSite(site, config, options);
    waiting = 0; // At its start, a site hashes the password of no user.
    const waits = async (count: number) => {
      while (waiting < count) {
        await new Promise<void>((resolve) => {
          onWait = resolve;
        });
      }
    };
    return { ...running, errors, release, waits };
  }

  const register = async (url: string) => {
    const visitor = new Visitor(url);
    const fields = { "user[email]": uniqueEmail(), "user[password]": validPassword };
    return visitor.post("/users/register", fields);
  };

  it("answers the requests in flight before the database is closed", async () => {
    const { url, stop, errors, release, waits } = await start({});
    const answers = Promise.all(Array.from({ length: 7 }, () => register(url)));
    await waits(7);
    const stopped = stop();
    setTimeout(release, 200);
    assert.deepEqual(
      (await answers).map(({ status, location }) => [status, location]),
      Array.from({ length: 7 }, () => [302, "/"]),
    );
    await stopped;
    assert.deepEqual(errors, []);
  });

  it("ends after its time limit even if a request is not answered", async () => {
    const { url, stop, release, waits } = await start({ stopMs: 100 });
    const refused = assert.rejects(register(url));
    await waits(1);
    await stop();
    await refused;
    release();
  });

  it("answers requests on open connections while its sockets end one after the other", async () => {
    const { url, stop } = await start({ drainMs: 60_000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async () => {
      const [answer] = (await once(request(`${url}/health`, { agent }).end(), "response")) as [
        IncomingMessage,
      ];
      await buffer(answer);
      return [answer.statusCode, answer.headers.connection];
    };
    assert.deepEqual(await get(), [200, "keep-alive"]);
    const stopped = stop();
    assert.deepEqual(await get(), [200, "close"]);
    // At once, because no connection is open.
    await stopped;
  });

  it("does not wait for open sockets", async () => {
    const { url, stop } = await start({ stopMs: 60_000 });
    const page = await new Visitor(url).visit("/");
    const closed = once(page.webSocket, "close");
    await stop();
    await closed;
  });
});
