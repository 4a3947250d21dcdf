import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** What the proxy does with bytes: pass, swallow replies, swallow everything, or cut replies in half and reset. */
export type Fault = 'none' | 'drop-replies' | 'black-hole' | 'half-reply' | 'reset-on-reply';

/** A TCP proxy in front of a server that can spoil the conversation. */
export interface FaultProxy {
  readonly port: number;
  fault: Fault;
  /** How much later what one side sends reaches the other, milliseconds; 0 in the beginning. */
  delayMs: number;
  /** What clients have sent since the start, one character a byte. */
  readonly sent: () => string;
  /** Sets the fault as soon as a client sends something for which `matches` is true; that much still passes. */
  faultWhen(matches: (chunk: string) => boolean, fault: Fault): void;
  /** Connections accepted since the start. */
  readonly accepted: () => number;
  /** Resets every open connection. */
  resetAll(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let sent = '';
  let trigger: ((chunk: string) => void) | undefined;
  let accepted = 0;
  const later = (pass: () => void): void => {
    // timers of one length end in the order they began in
    if (proxy.delayMs > 0) setTimeout(pass, proxy.delayMs);
    else pass();
  };
  const server = createServer((client) => {
    accepted++;
    const upstream = createConnection(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.on('data', (chunk: Buffer) => {
      sent += chunk.toString('latin1');
      trigger?.(chunk.toString('latin1'));
      if (proxy.fault !== 'black-hole') later(() => upstream.write(chunk));
    });
    upstream.on('data', (chunk: Buffer) => {
      later(() => reply(proxy.fault, client, chunk));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const proxy: FaultProxy = {
    port: address.port,
    fault: 'none',
    delayMs: 0,
    sent: () => sent,
    faultWhen(matches, fault) {
      trigger = (chunk) => {
        if (matches(chunk)) proxy.fault = fault;
      };
    },
    accepted: () => accepted,
    resetAll() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

function reply(fault: Fault, client: Socket, chunk: Buffer): void {
  if (fault === 'none') client.write(chunk);
  else if (fault === 'reset-on-reply') client.resetAndDestroy();
  else if (fault === 'half-reply') {
    client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => client.resetAndDestroy());
  }
}
