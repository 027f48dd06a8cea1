import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError, quote } from "../live-error.js";
import { Topic } from "../socket/topic.js";

/** A param of a topic. */
export type TopicParam = string | number;

/** The params of a pattern: one for each `%`. */
export type TopicParams<Pattern extends string, Param = TopicParam> = string extends Pattern
  ? readonly Param[]
  : Pattern extends `${string}%${infer Rest}`
    ? readonly [Param, ...TopicParams<Rest, Param>]
    : readonly [];

/**
 * The topics of one pattern; made by {@link topic}. A call returns the topic with its params: `room(5)`.
 */
export interface TopicPattern<
  Pattern extends string = string,
  Schema extends StandardSchemaV1 = StandardSchemaV1,
> {
  (...params: TopicParams<Pattern>): Topic<StandardSchemaV1.InferInput<Schema>>;
  readonly pattern: Pattern;
  readonly schema: Schema;
  /** Returns the params of a topic's name, or `undefined` if the name is not one of this pattern. */
  match(name: string): TopicParams<Pattern, string> | undefined;
}

/** Matches characters that `encodeURIComponent` does not encode, so they cannot separate params. */
const unencoded = "[\\w.!~*'()-]*";

/**
 * Declares topics with typed messages. Each `%` of the pattern stands for a param. The params are encoded as in a URL, so that
 * two lists of params never name the same topic.
 *
 * The schema validates messages when they are sent and when they are received: `socket.broadcast` and `live.broadcast` throw for a
 * message that it refuses, and {@link on} ignores one, which a process of another version may have sent.
 *
 * @example
 * const room = topic("room:%", z.object({ text: z.string() }));
 *
 * socket.subscribe(room(id));
 * socket.broadcast(room(id), { text: "Hello" });
 *
 * @param schema any Standard Schema (zod, valibot, arktype …) that validates synchronously
 * @throws LiveError `LIVE_ERR_TOPIC` when the pattern is not a string, two `%` have nothing between them that separates their
 *   params, or `schema` is not a Standard Schema
 */
export function topic<const Pattern extends string, Schema extends StandardSchemaV1>(
  pattern: Pattern,
  schema: Schema,
): TopicPattern<Pattern, Schema> {
  if (typeof pattern !== "string" || pattern === "" || new RegExp(`%${unencoded}%`).test(pattern)) {
    throw new LiveError("LIVE_ERR_TOPIC", "pattern of a topic is invalid", {
      expected: 'a pattern such as "room:%" or "room:%:user:%"',
      gotText: quote(pattern),
    });
  }
  if (typeof schema?.["~standard"]?.validate !== "function") {
    throw new LiveError("LIVE_ERR_TOPIC", `schema of the topic ${quote(pattern)} is invalid`, {
      expected: "a Standard Schema (zod, valibot, arktype …)",
      got: schema,
    });
  }
  const parts = pattern.split("%");
  const names = new RegExp(`^${parts.map(escapeForRegExp).join("([\\w.!~*'()%-]*)")}$`);
  const create = (...params: readonly unknown[]) => new Topic(nameOf(parts, params), schema);
  const match = (name: string) => names.exec(name)?.slice(1).map(decode);
  return Object.assign(create, { pattern, schema, match }) as never;
}

/** @throws LiveError `LIVE_ERR_TOPIC` when a param is missing or is neither a string nor a number */
function nameOf(parts: readonly string[], params: readonly unknown[]): string {
  const isParam = (param: unknown) => typeof param === "string" || typeof param === "number";
  if (params.length !== parts.length - 1 || !params.every(isParam)) {
    throw new LiveError(
      "LIVE_ERR_TOPIC",
      `params of the topic ${quote(parts.join("%"))} are invalid`,
      {
        expected: `${parts.length - 1} of strings and numbers`,
        got: params,
      },
    );
  }
  return parts.reduce((name, part, i) => name + encode(params[i - 1]) + part);
}

/** Lone surrogates cannot be encoded, and a visitor may send them. */
const encode = (param: unknown): string =>
  encodeURIComponent(String(param).replace(/\p{Surrogate}/gu, "\uFFFD"));

/** A name that another program has sent may contain a malformed encoding. */
function decode(param: string): string {
  try {
    return decodeURIComponent(param);
  } catch {
    return param;
  }
}

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
