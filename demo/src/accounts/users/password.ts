import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { isPasswordSized } from "./user-fields.js";

/** Hashes and verifies passwords. Tests use one that is cheaper than argon2. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Whether the password has this hash. */
  verify(hashed: string, password: string): Promise<boolean>;
}

/** The cost of one hash, for the server and for an attacker. */
export interface Argon2Cost {
  /** In KiB. */
  readonly memoryCost: number;
  /** Number of passes over the memory. */
  readonly timeCost: number;
  readonly parallelism: number;
}

/** OWASP's recommendation for argon2id. */
const DEFAULT_COST: Argon2Cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes with argon2id on another thread. A hash contains its cost, so old hashes stay valid after a change. */
export function argon2Hasher(cost: Argon2Cost = DEFAULT_COST): PasswordHasher {
  return {
    hash: (password) => hash(password, cost),
    verify: (hashed, password) => verify(hashed, password),
  };
}

/** Hashes and verifies passwords. The time of a verification does not reveal whether the user exists. */
export class Passwords {
  readonly #hasher: PasswordHasher;
  /** Is verified instead of the hash of a user who does not exist. */
  readonly #decoy: Promise<string>;

  constructor(hasher: PasswordHasher) {
    this.#hasher = hasher;
    this.#decoy = hasher.hash("the password of no user");
    // `verify` reports a failure when it awaits the decoy. Unawaited, a failure must not end the process.
    this.#decoy.catch(() => {});
  }

  /** Hashes a password that has been validated. */
  hash(password: string): Promise<string> {
    return this.#hasher.hash(password);
  }

  /** Returns the hash of a random password, which makes the password of an account invalid. */
  hashOfNone(): Promise<string> {
    return this.#hasher.hash(randomBytes(32).toString("base64url"));
  }

  /** Whether a candidate of any type is the password with this hash. Null is the hash of an unknown user. */
  async verify(hashed: string | null, candidate: unknown): Promise<boolean> {
    const isCandidate = typeof candidate === "string" && isPasswordSized(candidate);
    if (hashed === null || !isCandidate) {
      await this.#hasher.verify(await this.#decoy, isCandidate ? candidate : "");
      return false;
    }
    return this.#hasher.verify(hashed, candidate);
  }
}
