import { LocalPubSub } from "@live-session/adapter-koa";
import { redisPubSub } from "@live-session/adapter-koa/redis";
import { createClient } from "redis";

const { REDIS_URL: url } = process.env;
const replay = {
  topics: (topic: string) => topic.startsWith("room:"),
  length: 1000,
  age: 60 * 60 * 1000,
};

/** Connects the processes of the app if `REDIS_URL` is set. Otherwise it works within this process. */
export const pubSub = url
  ? redisPubSub({ client: createClient({ url, pingInterval: 10_000 }), prefix: "team:", replay })
  : new LocalPubSub({ replay });
