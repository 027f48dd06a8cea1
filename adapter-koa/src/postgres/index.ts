export type { PostgresClient } from "./postgres-client.js";
export { PostgresPubSub, type PostgresPubSubOptions, postgresPubSub } from "./postgres-pub-sub.js";
