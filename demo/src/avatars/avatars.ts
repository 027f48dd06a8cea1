import { createHash } from "node:crypto";
import type { Database } from "../database.js";

/** The types of images that can be an avatar. Browsers do not run scripts in any of them. */
export const avatarTypes = ["image/png", "image/jpeg", "image/webp"] as const;

/** The largest size of an avatar in bytes. */
export const maxAvatarBytes = 1_000_000;

/** An image with its type, which the server has detected from the content. */
export interface Avatar {
  readonly type: string;
  readonly content: Buffer;
}

/** A stored avatar. */
export interface StoredAvatar extends Avatar {
  /** Identifies the content. */
  readonly digest: string;
}

/** The avatars of users, in the database: all processes have them, and they are deleted with their user. */
export type Avatars = ReturnType<typeof createAvatars>;

/** Creates the storage of avatars. */
export function createAvatars({ knex }: Database) {
  return {
    /** Returns the avatar of a user, or null. */
    async find(userId: number): Promise<StoredAvatar | null> {
      const row: StoredAvatar | undefined = await knex("avatars")
        .where({ user_id: userId })
        .first("type", "content", "digest");
      return row ?? null;
    },

    /** Whether a user has an avatar. */
    async has(userId: number): Promise<boolean> {
      return (await knex("avatars").where({ user_id: userId }).first("user_id")) !== undefined;
    },

    /** Stores an avatar in place of the previous one. */
    async save(userId: number, { type, content }: Avatar): Promise<void> {
      const digest = createHash("sha256").update(content).digest("hex");
      await knex("avatars")
        .insert({ user_id: userId, type, content, digest })
        .onConflict("user_id")
        .merge();
    },

    async remove(userId: number): Promise<void> {
      await knex("avatars").where({ user_id: userId }).delete();
    },
  };
}
