import { expect } from "chai";
import {
  type Carrier,
  Connection,
  type Subscriber,
} from "../../../src/client/connection/connection.js";
import type { Message } from "../../../src/protocol/index.js";
import { passTime, resetClock, stopClock } from "../../support/clock.js";

/** A carrier that a test controls. */
class FakeCarrier implements Carrier {
  onopen: Carrier["onopen"] = null;
  onmessage: Carrier["onmessage"] = null;
  onclose: Carrier["onclose"] = null;
  readonly sent: Message[] = [];
  closedWith: number | undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code?: number): void {
    expect(code).to.be.oneOf([1000, 4000]);
    this.closedWith = code;
  }

  open(): void {
    this.onopen?.(new Event("open"));
  }

  lose(code = 1006): void {
    this.onclose?.(new CloseEvent("close", { code }));
  }

  receive(...message: Message): void {
    this.receiveText(JSON.stringify(message));
  }

  receiveText(data: string): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  answer(ref: string, response: object = {}, status = "ok"): void {
    this.receive(null, ref, "phoenix", "phx_reply", { status, response });
  }
}

describe("a connection", () => {
  const { random } = Math;
  let carriers: FakeCarrier[];
  let connection: Connection;
  let calls: string[];

  beforeEach(() => {
    stopClock();
    Math.random = () => 1;
    carriers = [];
    calls = [];
    connection = new Connection(() => "ws://server/live/websocket");
    connection.createCarrier = () => {
      const carrier = new FakeCarrier();
      carriers.push(carrier);
      return carrier;
    };
    const subscriber: Subscriber = {
      topic: "lv:a",
      sendJoin: () => void calls.push("join"),
      receive: (_joinRef, _ref, event) => void calls.push(event),
      handleInterruption: () => void calls.push("interruption"),
      handleResumption: () => void calls.push("resumption"),
      handleEnd: () => void calls.push("end"),
    };
    connection.subscribers.add(subscriber);
  });

  afterEach(() => {
    connection.close();
    Math.random = random;
    resetClock();
  });

  const last = (): FakeCarrier => carriers.at(-1)!;
  const sent = () => last().sent.map(([, ref, , event]) => [ref, event]);
  const send = (event = "event"): string => connection.send("1", "lv:a", event, {});

  /** Opens the connection and receives a secret. */
  function open(secret: string | undefined = "first"): FakeCarrier {
    connection.connect();
    last().open();
    if (secret) last().receive(null, null, "phoenix", "resume", { secret, ms: 30_000 });
    calls = [];
    return last();
  }

  /** Loses the carrier and opens the next one. */
  function replace(): FakeCarrier {
    last().lose();
    passTime(500);
    last().open();
    return last();
  }

  describe("by its states", () => {
    it("is idle, connecting, open, verified, waiting, connecting again, and closed", () => {
      expect(connection.state).to.equal("idle");
      connection.connect();
      expect(connection.state).to.equal("connecting");
      expect(connection.isOpen).to.equal(false);
      last().open();
      expect(connection.state).to.equal("open");
      last().receive(null, null, "lv:a", "diff", {});
      expect(connection.state).to.equal("verified");
      last().lose();
      expect(connection.state).to.equal("waiting");
      passTime(250);
      expect(connection.state).to.equal("connecting");
      connection.close();
      expect(connection.state).to.equal("closed");
      expect(last().closedWith).to.equal(1000);
      passTime(100_000);
      expect(carriers).to.have.length(2);
    });

    it("ignores connect() while a carrier is opening or open", () => {
      connection.connect();
      connection.connect();
      last().open();
      connection.connect();
      expect(carriers).to.have.length(1);
    });

    it("connects again after it was closed", () => {
      open();
      connection.close();
      connection.connect();
      last().open();
      expect(carriers).to.have.length(2);
      expect(calls).to.deep.equal(["end", "join"]);
    });

    it("ignores events of a carrier that it has replaced", () => {
      const former = open();
      connection.drop();
      expect(former.closedWith).to.equal(4000);
      former.lose();
      former.receive(null, null, "lv:a", "diff", {});
      expect(calls).to.deep.equal(["interruption"]);
      passTime(250);
      expect(carriers).to.have.length(2);
    });

    it("stays without a carrier after the server has closed it with the code 1000", () => {
      open();
      last().lose(1000);
      passTime(100_000);
      expect(carriers).to.have.length(1);
      expect(calls).to.deep.equal(["end"]);
      connection.connect();
      expect(carriers).to.have.length(2);
    });
  });

  it("waits longer with each attempt until a frame arrives, not only until a carrier opens", () => {
    open();
    for (const delay of [250, 400, 700, 1300, 2500, 4900, 9700, 10_000, 10_000]) {
      const { length } = carriers;
      last().lose();
      passTime(delay - 1);
      expect(carriers).to.have.length(length);
      passTime(1);
      expect(carriers).to.have.length(length + 1);
      last().open();
    }
    last().answer("resume", {}, "error");
    last().lose();
    passTime(250);
    expect(connection.state).to.equal("connecting");
  });

  describe("with a heartbeat every 25 s", () => {
    it("is replaced if nothing has arrived before the next one", () => {
      open();
      passTime(25_000);
      expect(sent()).to.deep.equal([["1", "heartbeat"]]);
      passTime(25_000);
      expect(last().closedWith).to.equal(4000);
      expect(calls).to.deep.equal(["interruption"]);
    });

    it("stays if any frame, or a part of one, has arrived", () => {
      open();
      passTime(25_000);
      last().receiveText('+["');
      passTime(25_000);
      expect(sent()).to.deep.equal([
        ["1", "heartbeat"],
        ["2", "heartbeat"],
      ]);
    });
  });

  describe("whose carrier is lost", () => {
    it("joins its views again if the server offers nothing else", () => {
      open("");
      const carrier = replace();
      expect(carrier.sent).to.deep.equal([]);
      expect(calls).to.deep.equal(["end", "join"]);
    });

    it("presents its secret and the number of received frames", () => {
      const carrier = open();
      carrier.receive(null, null, "lv:a", "diff", {});
      calls = [];
      const next = replace();
      expect(next.sent).to.deep.equal([
        [null, "resume", "phoenix", "resume", { secret: "first", received: 2 }],
      ]);
      expect(connection.isOpen).to.equal(false);
      expect(connection.accepts).to.equal(true);
      next.answer("resume", { secret: "second", ms: 30_000, received: 0 });
      expect(connection.isOpen).to.equal(true);
      expect(calls).to.deep.equal(["interruption", "resumption", "join"]);
    });

    it("sends again what the server has not received, then what was sent meanwhile", () => {
      open();
      for (let i = 0; i < 3; i++) send();
      last().lose();
      send("later");
      passTime(250);
      send("at the end");
      last().open();
      last().answer("resume", { secret: "second", ms: 30_000, received: 1 });
      expect(sent().slice(1)).to.deep.equal([
        ["2", "event"],
        ["3", "event"],
        ["4", "later"],
        ["5", "at the end"],
        ["6", "ack"],
      ]);
    });

    it("does not send again what the server has answered", () => {
      open();
      for (let i = 0; i < 3; i++) send();
      last().receive("1", "2", "lv:a", "phx_reply", { status: "ok", response: {} });
      const next = replace();
      next.answer("resume", { secret: "second", ms: 30_000, received: 2 });
      expect(sent().slice(1)).to.deep.equal([
        ["3", "event"],
        ["4", "ack"],
      ]);
    });

    it("presents the new secret the next time, even after the loss of a carrier that was not answered", () => {
      open();
      replace();
      replace().answer("resume", { secret: "second", ms: 30_000, received: 0 });
      const { sent } = replace();
      expect(sent[0]![4]).to.deep.equal({ secret: "second", received: 1 });
    });

    it("joins its views again if the server does not continue it, and sends no earlier frames", () => {
      open();
      send();
      const next = replace();
      next.answer("resume", {}, "error");
      expect(next.sent).to.have.length(1);
      expect(calls).to.deep.equal(["interruption", "end", "join"]);
      expect(connection.isOpen).to.equal(true);
    });

    it("gives up when the server no longer keeps the views", () => {
      open();
      connection.handleDue = () => {};
      last().lose();
      passTime(29_999);
      expect(calls).to.deep.equal(["interruption"]);
      passTime(1);
      expect(calls).to.deep.equal(["interruption", "end"]);
      expect(connection.accepts).to.equal(false);
    });

    it("gives up a server that does not answer its request, and joins the views", () => {
      open();
      replace();
      passTime(30_000);
      expect(calls.slice(0, 3)).to.deep.equal(["interruption", "end", "join"]);
    });

    it("queues at most 200 frames", () => {
      open();
      last().lose();
      for (let i = 0; i < 200; i++) {
        expect(connection.accepts).to.equal(true);
        send();
      }
      expect(connection.accepts).to.equal(false);
    });

    it("drops the parts of a frame that was cut", () => {
      open();
      last().receiveText("+cut");
      const next = replace();
      next.answer("resume", { secret: "second", ms: 30_000, received: 0 });
      next.receive(null, null, "lv:a", "diff", {});
      expect(calls.at(-1)).to.equal("diff");
    });
  });

  describe("acknowledges what it has received", () => {
    it("with each message", () => {
      open();
      last().receive(null, null, "lv:a", "diff", {});
      connection.send("1", "lv:a", "event", { type: "click" });
      expect(last().sent[0]![4]).to.deep.equal({ type: "click", received: 2 });
    });

    it("after 32 frames, or 64 KB", () => {
      open();
      const diff = (payload = {}) => last().receive(null, null, "lv:a", "diff", payload);
      for (let i = 0; i < 30; i++) diff();
      expect(sent()).to.deep.equal([]);
      diff();
      expect(last().sent.at(-1)!.slice(3)).to.deep.equal(["ack", { received: 32 }]);
      diff({ title: "x".repeat(70_000) });
      expect(last().sent.at(-1)!.slice(3)).to.deep.equal(["ack", { received: 33 }]);
    });

    it("only if the server keeps frames", () => {
      open("");
      for (let i = 0; i < 100; i++) last().receive(null, null, "lv:a", "diff", {});
      send();
      expect(last().sent).to.deep.equal([["1", "1", "lv:a", "event", {}]]);
    });
  });
});
