import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Carrier, CarrierListener } from "../../../src/koa/connection/carrier.js";
import { Connection } from "../../../src/koa/connection/connection.js";
import type { HandshakeSession } from "../../../src/koa/connection/handshake-session.js";
import { Resumptions } from "../../../src/koa/connection/resumptions.js";
import { Turns } from "../../../src/koa/connection/turns.js";
import type { LiveServices } from "../../../src/koa/live-services.js";
import { checkOptions } from "../../../src/koa/options.js";
import { secret } from "../../support/server.js";

describe("an unexpected error while a frame is handled", () => {
  it("closes the connection and is reported, and does not end the process", () => {
    const closed: unknown[] = [];
    const errors: unknown[] = [];
    let listener: CarrierListener | undefined;
    const carrier: Carrier = {
      isOpen: true,
      writable: true,
      listen: (given) => {
        listener = given;
      },
      send() {},
      pause() {},
      resume() {},
      close: (...reason) => closed.push(reason),
      terminate() {},
      discard() {},
    };
    const broken = new Error("a broken signer");
    const services = {
      options: checkOptions({ secret }),
      signer: {
        verify() {
          throw broken;
        },
      },
      turns: new Turns(),
      resumptions: new Resumptions(1),
      leaving: { messages: 1, ms: 1 },
      onError: (error: unknown) => errors.push(error),
    } as unknown as LiveServices;
    new Connection(carrier, { data: {} } as HandshakeSession, services);
    listener?.handleText('["1","1","lv:a","phx_join",{"token":"t","params":{}}]', 10);
    assert.deepEqual(errors, [broken]);
    assert.deepEqual(closed, [[1001, "an error"]]);
  });
});
