import { hash, verify } from "@node-rs/argon2";
import { isPasswordSized } from "./user-fields.js";

/** Hashes passwords. Another one than argon2's is for tests. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Tells whether the password has this hash. */
  verify(hashed: string, password: string): Promise<boolean>;
}

/** What a hash costs whoever makes it, us or an attacker. */
export interface Argon2Cost {
  /** In KiB. */
  readonly memoryCost: number;
  /** How often the memory is gone through. */
  readonly timeCost: number;
  readonly parallelism: number;
}

/** OWASP's recommendation for argon2id. */
const DEFAULT_COST: Argon2Cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes with argon2id, on a thread of its own. A hash tells its cost, so old ones verify after a change. */
export function argon2Hasher(cost: Argon2Cost = DEFAULT_COST): PasswordHasher {
  return {
    hash: (password) => hash(password, cost),
    verify: (hashed, password) => verify(hashed, password),
  };
}

/** Verifies passwords such that the time it takes does not tell whether there is a user. */
export class Passwords {
  readonly #hasher: PasswordHasher;
  /** The hash that stands in for the one of a user who does not exist. */
  readonly #decoy: Promise<string>;

  constructor(hasher: PasswordHasher) {
    this.#hasher = hasher;
    this.#decoy = hasher.hash("nobody has this password");
    // Who waits for it hears of its failure; without anyone waiting it must not end the process.
    this.#decoy.catch(() => {});
  }

  /** Hashes a password that was checked to be one. */
  hash(password: string): Promise<string> {
    return this.#hasher.hash(password);
  }

  /** Tells whether a candidate, of whatever type, is the password with this hash; null is nobody's hash. */
  async verify(hashed: string | null, candidate: unknown): Promise<boolean> {
    const isCandidate = typeof candidate === "string" && isPasswordSized(candidate);
    if (hashed === null || !isCandidate) {
      await this.#hasher.verify(await this.#decoy, isCandidate ? candidate : "");
      return false;
    }
    return this.#hasher.verify(hashed, candidate);
  }
}
