import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import {
  createPresence,
  LocalPubSub,
  type Presence,
  type PresenceChange,
  type PubSub,
  type Tracking,
} from "@live-session/adapter-koa";
import fc from "fast-check";
import { liveError } from "../../support/live-error.js";
import { type BusPubSub, FakeBus } from "../../support/pub-sub/fake-bus.js";

type Meta = { readonly name: string };
const batch = 50;
const heartbeat = 2000;
/** After this time the entries of a process that was killed are gone. */
const ghostMs = 5 * heartbeat + batch;

interface Process {
  readonly pubSub: BusPubSub;
  readonly presence: Presence<Meta>;
}

const anna = { name: "Anna" };
const tom = { name: "Tom" };
const annaOnly = [{ key: "anna", metas: [anna] }];

describe("createPresence", () => {
  let bus: FakeBus;
  /** Advances the clock in steps, because a timer that starts during a step begins at the end of the step. */
  const tick = (ms: number) => {
    for (let passed = 0; passed < ms; passed += batch) mock.timers.tick(batch);
  };
  const start = (): Process => {
    const pubSub = bus.connect();
    return { pubSub, presence: createPresence<Meta>({ pubSub }) };
  };
  /** Collects the changes of a topic. */
  const changesOf = (presence: Presence<Meta>, topic = "room") => {
    const changes: Pick<PresenceChange<Meta>, "joins" | "leaves">[] = [];
    presence.changes(topic).subscribe((message) => {
      const { joins, leaves } = presence.changeIn(message) as PresenceChange<Meta>;
      changes.push({ joins, leaves });
    });
    return changes;
  };

  beforeEach(() => {
    bus = new FakeBus();
    mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  });
  afterEach(() => mock.timers.reset());

  it("lists the keys of a topic in the order in which they came", () => {
    const { presence } = start();
    presence.track("room", "tom", tom);
    presence.track("room", "anna", anna);
    presence.track("other", "eve", { name: "Eve" });
    assert.deepEqual(presence.list("room"), [{ key: "tom", metas: [tom] }, ...annaOnly]);
    assert.deepEqual(presence.list("empty"), []);
    assert.equal(presence.list("room"), presence.list("room"));
  });

  it("lists several views of one key together", () => {
    const [a, b] = [start(), start()];
    const first = a.presence.track("room", "anna", { name: "desktop" });
    b.presence.track("room", "anna", { name: "phone" });
    tick(batch);
    const both = [{ name: "desktop" }, { name: "phone" }];
    for (const { presence } of [a, b]) {
      assert.deepEqual(presence.list("room").length, 1);
      assert.deepEqual(new Set(presence.metas("room", "anna")), new Set(both));
    }
    first.end();
    tick(batch);
    assert.deepEqual(b.presence.list("room"), [{ key: "anna", metas: [{ name: "phone" }] }]);
  });

  it("sends joins, updates and leaves to the subscribers of each process", () => {
    const [a, b] = [start(), start()];
    const [changes, others] = [changesOf(b.presence), changesOf(b.presence, "other")];
    const tracking = a.presence.track("room", "anna", anna);
    tick(2 * batch);
    tracking.update({ name: "Anna B." });
    tick(2 * batch);
    tracking.end();
    tick(2 * batch);
    const renamed = [{ key: "anna", metas: [{ name: "Anna B." }] }];
    assert.deepEqual(changes, [
      { joins: annaOnly, leaves: [] },
      { joins: renamed, leaves: annaOnly },
      { joins: [], leaves: renamed },
    ]);
    assert.deepEqual(others, []);
  });

  it("combines the changes of a short time in one message", () => {
    const [a, b] = [start(), start()];
    const [own, changes] = [changesOf(a.presence), changesOf(b.presence)];
    const trackings = Array.from({ length: 300 }, (_, i) =>
      a.presence.track("room", `${i}`, { name: `${i}` }),
    );
    for (const tracking of trackings.slice(100)) tracking.end();
    bus.sent.length = 0;
    tick(2 * batch);
    assert.equal(bus.sent.length, 1);
    assert.deepEqual([own.length, changes.length], [1, 1]);
    assert.equal(changes[0]?.joins.length, 100);
  });

  it("sends nothing for an entry that came and went within a short time", () => {
    const [a, b] = [start(), start()];
    const changes = changesOf(b.presence);
    bus.sent.length = 0;
    a.presence.track("room", "anna", anna).end();
    tick(2 * batch);
    assert.deepEqual([bus.sent, changes], [[], []]);
  });

  it("requests the entries of the others when it starts", () => {
    const a = start();
    for (let i = 0; i < 1200; i++) a.presence.track("room", `${i}`, { name: `${i}` });
    tick(batch);
    const late = start();
    tick(2 * batch);
    assert.equal(late.presence.list("room").length, 1200);
    assert.deepEqual(late.presence.list("room"), a.presence.list("room"));
  });

  it("removes the entries of a process that was killed within five heartbeats", () => {
    const [killed, b] = [start(), start()];
    killed.presence.track("room", "anna", anna);
    tick(3 * heartbeat + batch);
    const changes = changesOf(b.presence);
    killed.pubSub.isCut = true;
    tick(3 * heartbeat);
    assert.deepEqual(b.presence.list("room"), annaOnly);
    tick(ghostMs - 3 * heartbeat);
    assert.deepEqual(b.presence.list("room"), []);
    assert.deepEqual(changes, [{ joins: [], leaves: annaOnly }]);
  });

  it("removes the entries of a process that is closed immediately", () => {
    const [a, b] = [start(), start()];
    const tracking = a.presence.track("room", "anna", anna);
    tick(batch);
    assert.deepEqual(b.presence.list("room"), annaOnly);
    a.presence.close();
    a.presence.close();
    tracking.update(tom);
    tracking.end();
    a.presence.track("room", "tom", tom);
    bus.sent.length = 0;
    tick(batch);
    assert.deepEqual(b.presence.list("room"), []);
    assert.deepEqual(bus.sent, []);
  });

  it("lists a process again that was cut off from the others", () => {
    const [a, b] = [start(), start()];
    a.presence.track("room", "anna", anna);
    b.presence.track("room", "tom", tom);
    tick(batch);
    a.pubSub.isCut = true;
    tick(ghostMs);
    assert.deepEqual(a.presence.list("room"), annaOnly);
    assert.deepEqual(b.presence.metas("room", "anna"), []);
    a.pubSub.isCut = false;
    tick(heartbeat + 2 * batch);
    assert.equal(a.presence.list("room").length, 2);
    assert.deepEqual(a.presence.list("room"), b.presence.list("room"));
  });

  it("requests the entries of a process after a lost message", () => {
    const [a, b] = [start(), start()];
    bus.loseNext(1);
    a.presence.track("room", "anna", anna);
    tick(batch);
    bus.sent.length = 0;
    a.presence.track("room", "tom", tom);
    tick(batch);
    a.presence.track("room", "eve", tom);
    tick(batch);
    const sent = bus.sent.map(({ message }) => (message as { type: string }).type);
    assert.deepEqual(sent, ["changes", "request", "state", "changes"]);
    assert.deepEqual(b.presence.list("room"), a.presence.list("room"));
  });

  it("sends no heartbeats for a process without entries", () => {
    const a = start();
    start();
    const tracking = a.presence.track("room", "anna", anna);
    tick(batch);
    bus.sent.length = 0;
    tick(heartbeat * 2);
    assert.equal(bus.sent.length, 2);
    tracking.end();
    tick(batch);
    bus.sent.length = 0;
    tick(heartbeat * 2);
    assert.equal(bus.sent.length, 0);
  });

  it("ignores messages of other versions and of other presences", () => {
    const { pubSub, presence } = start();
    const other = createPresence<Meta>({ pubSub, name: "other" });
    other.track("room", "anna", anna);
    for (const message of [null, "text", {}, { v: 99, node: "a", type: "changes" }]) {
      pubSub.broadcast("presence", message);
    }
    tick(batch);
    assert.deepEqual(presence.list("room"), []);
    const change = { type: "presence", presence: "other", topic: "room", joins: [], leaves: [] };
    assert.equal(presence.changeIn(change), undefined);
    assert.equal(other.changeIn(change), change);
  });

  it("subscribes again after an error, and reports each outage once", async () => {
    const errors: unknown[] = [];
    const inner = new LocalPubSub();
    let isDown = true;
    const down = new Error("down");
    const pubSub: PubSub = {
      subscribe: async (...args) => (isDown ? Promise.reject(down) : inner.subscribe(...args)),
      broadcast: (...args) => {
        if (isDown) throw down;
        inner.broadcast(...args);
      },
    };
    const other = createPresence<Meta>({ pubSub: inner });
    const presence = createPresence<Meta>({ pubSub, onError: (error) => errors.push(error) });
    presence.track("room", "anna", anna);
    await settled();
    tick(heartbeat);
    await settled();
    assert.deepEqual(errors, [down]);
    assert.deepEqual(presence.list("room"), annaOnly);
    isDown = false;
    tick(heartbeat);
    await settled();
    other.track("room", "tom", tom);
    tick(heartbeat + 2 * batch);
    assert.equal(presence.list("room").length, 2);
    assert.deepEqual(other.list("room"), presence.list("room"));
    assert.deepEqual(errors, [down]);
  });

  it("refuses metas that are not JSON, and keys that are not strings", () => {
    const presence = createPresence<unknown>();
    const refused = liveError("LIVE_ERR_PAYLOAD");
    assert.throws(() => presence.track("room", "anna", { at: new Date() }), refused);
    assert.throws(() => presence.track("room", 7 as never, {}), refused);
    assert.throws(() => presence.track(undefined as never, "anna", {}), refused);
    const tracking = presence.track("room", "anna", {});
    assert.throws(() => tracking.update(() => {}), refused);
  });

  for (const options of [{ name: "" }, { heartbeat: 0 }, { heartbeat: "2s" }, { interval: 1 }]) {
    it(`refuses the options ${JSON.stringify(options)}`, () => {
      assert.throws(() => createPresence(options as object), liveError("LIVE_ERR_OPTION"));
    });
  }

  it("reports the error of a subscriber and notifies the others", () => {
    const errors: unknown[] = [];
    const presence = createPresence<Meta>({ onError: (error) => errors.push(error) });
    const failure = new Error("of a subscriber");
    presence.changes("room").subscribe(() => {
      throw failure;
    });
    const changes = changesOf(presence);
    presence.track("room", "anna", anna);
    tick(batch);
    assert.deepEqual([errors, changes.length], [[failure], 1]);
  });

  it("converges for any order of changes, losses, cuts and kills", () => {
    const steps = fc.array(
      fc.record({
        process: fc.nat(3),
        type: fc.constantFrom("track", "update", "end", "cut", "heal", "kill", "lose", "wait"),
        key: fc.constantFrom("a", "b", "c"),
        ms: fc.constantFrom(0, batch, heartbeat, ghostMs),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World(start, bus);
        for (const step of all) {
          world.run(step);
          tick(step.ms);
        }
        world.heal();
        tick(ghostMs + heartbeat);
        const [first, ...others] = world.lists();
        assert.deepEqual(new Map(first), world.expected());
        for (const list of others) assert.deepEqual(list, first);
        world.close();
      }),
      { numRuns: 100 },
    );
  });
});

interface Step {
  readonly process: number;
  readonly type: "track" | "update" | "end" | "cut" | "heal" | "kill" | "lose" | "wait";
  readonly key: string;
}

/** Four processes, and the metas that their views have. */
class World {
  readonly #start: () => Process;
  readonly #bus: FakeBus;
  readonly #processes: Process[];
  #views: { process: Process; key: string; name: string; tracking: Tracking<Meta> }[] = [];
  #count = 0;

  constructor(start: () => Process, bus: FakeBus) {
    this.#start = start;
    this.#bus = bus;
    this.#processes = Array.from({ length: 4 }, start);
  }

  run({ process: index, type, key }: Step): void {
    const process = this.#processes[index] as Process;
    const name = `${this.#count++}`;
    const view = this.#views.find((other) => other.process === process && other.key === key);
    if (type === "track") {
      const tracking = process.presence.track("room", key, { name });
      this.#views.push({ process, key, name, tracking });
    }
    if (type === "update" && view) {
      view.tracking.update({ name });
      view.name = name;
    }
    if (type === "end" && view) {
      view.tracking.end();
      this.#views = this.#views.filter((other) => other !== view);
    }
    if (type === "cut") process.pubSub.isCut = true;
    if (type === "heal") process.pubSub.isCut = false;
    if (type === "lose") this.#bus.loseNext(3);
    if (type === "kill") this.#kill(index);
  }

  /** Ends all faults. */
  heal(): void {
    this.#bus.recover();
    for (const { pubSub } of this.#processes) pubSub.isCut = false;
  }

  /** Returns for each process the keys that it lists, with the sorted names. */
  lists(): [string, string[]][][] {
    return this.#processes.map(({ presence }) =>
      presence
        .list("room")
        .map(({ key, metas }): [string, string[]] => [key, metas.map(({ name }) => name).sort()]),
    );
  }

  /** Returns what each process must list. */
  expected(): Map<string, string[]> {
    const keys = new Set(this.#views.map(({ key }) => key));
    const namesOf = (key: string) =>
      this.#views
        .filter((view) => view.key === key)
        .map(({ name }) => name)
        .sort();
    return new Map([...keys].map((key) => [key, namesOf(key)]));
  }

  close(): void {
    for (const { presence } of this.#processes) presence.close();
  }

  /** Cuts a process off for ever and starts another one in its place. */
  #kill(index: number): void {
    const killed = this.#processes[index] as Process;
    killed.pubSub.isCut = true;
    killed.presence.close();
    this.#views = this.#views.filter(({ process }) => process !== killed);
    this.#processes[index] = this.#start();
  }
}

/** Waits for promises that have already been settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
