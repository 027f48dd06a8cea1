import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A message that a mail server received. */
export interface ReceivedMail {
  /** Addresses of the envelope, from `RCPT TO`. */
  readonly recipients: string[];
  /** Headers and body. */
  readonly data: string;
}

/** A mail server that keeps its messages. */
export interface SmtpServer {
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** Starts a minimal SMTP server. It refuses addresses that contain `refused`. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const received: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    serve(socket, received);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function serve(socket: Socket, received: ReceivedMail[]): void {
  let recipients: string[] = [];
  let data: string[] | null = null;
  let buffered = "";
  const answer = (line: string) => socket.write(`${line}\r\n`);
  const handle = (line: string) => {
    if (data) {
      if (line !== ".") return void data.push(line.replace(/^\./, ""));
      received.push({ recipients, data: data.join("\r\n") });
      [recipients, data] = [[], null];
      return answer("250 kept");
    }
    if (/^DATA/i.test(line)) {
      data = [];
      return answer("354 go on");
    }
    const recipient = /^RCPT TO:<(.*)>/i.exec(line)?.[1];
    if (recipient?.includes("refused")) return answer("550 no such user");
    if (recipient !== undefined) recipients.push(recipient);
    return answer(/^QUIT/i.test(line) ? "221 bye" : "250 fine");
  };
  socket.setEncoding("utf8").on("data", (chunk) => {
    const lines = (buffered + chunk).split("\r\n");
    buffered = lines.pop() ?? "";
    lines.forEach(handle);
  });
  answer("220 test");
}
