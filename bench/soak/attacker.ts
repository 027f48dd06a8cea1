import { setTimeout } from "node:timers/promises";
import { attacks, createAttacker } from "./attacks.js";
import type { AttackReport, AttackRequest } from "./protocol.js";

/** A process that attacks the server on a port. It receives the names of attacks over IPC. */
const port = Number(process.argv[2]);

process.on("message", async ({ name, ms }: AttackRequest) => {
  const failures = new Set<string>();
  const end = performance.now() + ms;
  let rounds = 0;
  const attacker = await createAttacker(port, (what) => failures.add(what));
  while (performance.now() < end) {
    await (name === undefined ? useCpu() : attacks[name]?.(attacker));
    rounds++;
  }
  process.send?.({ rounds, failures: [...failures] } satisfies AttackReport);
});

/** Works as much as an attack, but without the server. */
async function useCpu(): Promise<void> {
  const end = performance.now() + 10;
  while (performance.now() < end) JSON.parse('{"a":[1,2,3]}');
  await setTimeout(1);
}
