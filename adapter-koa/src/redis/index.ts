export type { RedisClient } from "./redis-client.js";
export { RedisPubSub, type RedisPubSubOptions, redisPubSub } from "./redis-pub-sub.js";
