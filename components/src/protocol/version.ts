/** The version of this package. Of the server, it goes with the answer to a join; of the page, the client knows it. */
export const version = "0.1.0";
