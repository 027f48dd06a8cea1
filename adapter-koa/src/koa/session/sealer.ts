import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts and signs JSON that the browser stores, with secrets that can be rotated. It runs in the reply to an event, so
 * it uses the synchronous functions of `node:crypto`; libraries for sealed data are asynchronous.
 */
export class Sealer {
  readonly #keys: readonly Buffer[];
  /** The next initialization vector. A key must never be used with the same one twice. */
  #iv = randomBytes(ivBytes);
  #uses = 0;

  /** @param secrets the first one seals, all of them open */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync("sha256", secret, "", "live-session kept assigns", 32)),
    );
  }

  /** Returns the data as a string that only this app can read and write. */
  seal(data: unknown): string {
    const iv = this.#nextIv();
    const cipher = createCipheriv(algorithm, this.#keys[0] as Buffer, iv);
    const body = cipher.update(JSON.stringify(data), "utf8");
    cipher.final();
    return Buffer.concat([iv, body, cipher.getAuthTag()]).toString("base64url");
  }

  /** Returns the data of a sealed string; `undefined` when it is forged, or was sealed with another secret. */
  open(text: string): unknown {
    const sealed = Buffer.from(text, "base64url");
    if (sealed.length < ivBytes + tagBytes) return undefined;
    for (const key of this.#keys) {
      const json = decrypt(key, sealed);
      if (json !== undefined) return JSON.parse(json);
    }
    return undefined;
  }

  /**
   * Counts up the last four bytes. The other bytes are random: they are chosen when the process starts, and again when
   * all counts have been used.
   */
  #nextIv(): Buffer {
    if (this.#uses === 2 ** 32) {
      this.#iv = randomBytes(ivBytes);
      this.#uses = 0;
    }
    this.#iv.writeUInt32BE(this.#uses++, ivBytes - 4);
    return this.#iv;
  }
}

function decrypt(key: Buffer, sealed: Buffer): string | undefined {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const body = decipher.update(sealed.subarray(ivBytes, -tagBytes));
  try {
    decipher.final();
    return body.toString("utf8");
  } catch {
    return undefined;
  }
}
