import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';

/** An independent client of the text protocol, for what tests plant and check. */
export class MemcachedPeer {
  private constructor(private readonly socket: Socket) {}

  static async connect(port: number): Promise<MemcachedPeer> {
    const socket = createConnection(port, '127.0.0.1');
    await once(socket, 'connect');
    return new MemcachedPeer(socket);
  }

  /** Sends text and gives what comes back up to `end`. */
  async ask(command: string | Buffer, end = '\r\n'): Promise<string> {
    let answer = '';
    const done = new Promise<string>((resolve) => {
      const onData = (chunk: Buffer): void => {
        answer += chunk.toString('latin1');
        if (!answer.endsWith(end)) return;
        this.socket.off('data', onData);
        resolve(answer);
      };
      this.socket.on('data', onData);
    });
    this.socket.write(command);
    return done;
  }

  set(key: string, value: string, flags = 0, expires = 0): Promise<string> {
    return this.ask(`set ${key} ${flags} ${expires} ${Buffer.byteLength(value)}\r\n${value}\r\n`);
  }

  /** Many items in one write. */
  async fill(count: number, name: (i: number) => string): Promise<void> {
    const commands = Array.from({ length: count }, (_, i) => `set ${name(i)} 0 0 1 noreply\r\nx\r\n`);
    await this.ask(`${commands.join('')}mn\r\n`, 'MN\r\n');
  }

  close(): void {
    this.socket.destroy();
  }
}
