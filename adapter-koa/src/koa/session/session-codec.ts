/**
 * How koa-session is to write a session into its cookie, if it is not kept in a store: as by itself, JSON in
 * base64. Its own functions check what they are given and what they return against a schema at each call, at
 * about the cost of all else it does for a request.
 *
 * @example
 * app.use(session({ ...sessionCodec }, app));
 */
export const sessionCodec = {
  encode(data: object): string {
    return Buffer.from(JSON.stringify(data)).toString("base64");
  },
  /** @throws SyntaxError for what is no JSON; the visitor then gets a new session */
  decode(text: string): object {
    return JSON.parse(Buffer.from(text, "base64").toString());
  },
};
