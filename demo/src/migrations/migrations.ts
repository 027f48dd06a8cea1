import type { Knex } from "knex";
import { addUsersTokensDetails } from "./add-users-tokens-details.js";
import { createAvatars } from "./create-avatars.js";
import { createFeedback } from "./create-feedback.js";
import { createUsers } from "./create-users.js";
import { createUsersTokens } from "./create-users-tokens.js";

/** All migrations by name, in order. A name is recorded in the database: never change one. */
export const migrations: ReadonlyMap<string, Knex.Migration> = new Map([
  ["20261123000001_create_users", createUsers],
  ["20261123000002_create_users_tokens", createUsersTokens],
  ["20261130000001_create_feedback", createFeedback],
  ["20261130000002_add_users_tokens_details", addUsersTokensDetails],
  ["20261130000003_create_avatars", createAvatars],
]);
