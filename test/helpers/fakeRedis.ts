import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** A server that answers RESP2 from a table: for what no server of this machine can be made to say. */
export interface FakeRedis {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts it; `answer` gives the raw reply to a command, undefined for `-ERR unknown command`. */
export async function startFakeRedis(
  answer: (args: readonly string[]) => string | undefined,
): Promise<FakeRedis> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const args of commandsOf(chunk.toString('latin1')))
        socket.write(answer(args) ?? '-ERR unknown command\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake server has no port');
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Commands of a chunk: arrays of bulk strings, as clients send them. */
function* commandsOf(text: string): Iterable<string[]> {
  for (let at = 0; at < text.length;) {
    const [head = '', count = '0'] = /^\*(\d+)\r\n/.exec(text.slice(at)) ?? [];
    if (head === '') return;
    at += head.length;
    const args: string[] = [];
    for (let i = 0; i < Number(count); i++) {
      const [size = '', length = '0'] = /^\$(\d+)\r\n/.exec(text.slice(at)) ?? [];
      at += size.length;
      args.push(text.slice(at, at + Number(length)));
      at += Number(length) + 2;
    }
    yield args;
  }
}
