/** The members of a client of the package `postgres` that {@link PostgresPubSub} needs. */
export interface PostgresClient {
  /** Listens over a connection of its own, which is opened again when it is lost. */
  listen(
    channel: string,
    receive: (text: string) => void,
  ): Promise<{ unlisten(): Promise<unknown> }>;
  unsafe(query: string, parameters: string[]): PromiseLike<unknown>;
}
