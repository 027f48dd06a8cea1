/** The version of this package. The server sends its own with the reply to a join, and the client compares the two. */
export const version = "0.1.0";
