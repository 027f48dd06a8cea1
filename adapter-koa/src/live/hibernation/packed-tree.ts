import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { WireValue } from "@live-session/components/protocol";

/** Longer texts are compressed. For shorter ones, the buffer takes more memory than compression saves. */
const maxText = 1024;
/** The minimum memory that a node of a tree takes, without the strings and the data of the app, in bytes. */
const nodeBytes = 100;
/** The memory that a buffer takes besides its content, in bytes. */
const bufferBytes = 230;

/** A rendered tree in little memory: as JSON, which is compressed unless it is short. */
export class PackedTree {
  readonly #packed: string | Buffer;

  private constructor(packed: string | Buffer) {
    this.#packed = packed;
  }

  /**
   * Packs a tree. Returns `undefined` if that saves no memory: a tree shares its strings and data with the app, and JSON is a
   * copy of them.
   */
  static of(tree: WireValue): PackedTree | undefined {
    const text = JSON.stringify(tree);
    const packed = text.length > maxText ? compress(text) : text;
    const bytes = typeof packed === "string" ? packed.length : packed.length + bufferBytes;
    return bytes < countNodes(tree) * nodeBytes ? new PackedTree(packed) : undefined;
  }

  /** Returns a copy of the tree. */
  unpack(): WireValue {
    const packed = this.#packed;
    return JSON.parse(typeof packed === "string" ? packed : inflateRawSync(packed).toString());
  }
}

/** Compresses as fast as possible, which is enough for the repetitions of a tree. */
function compress(text: string): Buffer {
  const compressed = deflateRawSync(text, { level: 1 });
  // The result is the beginning of a larger buffer.
  const exact = Buffer.allocUnsafeSlow(compressed.length);
  compressed.copy(exact);
  return exact;
}

function countNodes(value: WireValue): number {
  if (typeof value !== "object" || value === null) return 0;
  const children = "l" in value ? value.l : "v" in value ? value.v : [];
  let count = 1;
  for (const child of children) count += countNodes(child);
  return count;
}
