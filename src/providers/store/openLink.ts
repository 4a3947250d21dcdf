import { type Socket, connect } from 'node:net';
import { longestLine, parseWelcome, protocolVersion, type Hello, type Welcome } from './handshake';
import type { OwnerFacts } from './ownerFile';

/** How long an owner may take to answer, milliseconds; one that saves a snapshot is busy that long. */
const welcomeMs = 2000;

const newline = 0x0a;

/** What came of asking an owner to be let in: its answer, and on `welcome` the open socket, paused, with what it sent since. */
export interface Admission {
  readonly answer: Welcome;
  readonly socket: Socket;
  readonly rest: Buffer;
}

/** Asks the owner at an address to be let in; undefined when nobody answers. Aborting it counts as no answer. */
export function openLink(
  { address, token }: Pick<OwnerFacts, 'address' | 'token'>,
  client: Pick<Hello, 'client' | 'schema'>,
  signal: AbortSignal,
): Promise<Admission | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let line = Buffer.alloc(0);
    const finish = (admission?: Admission): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.removeAllListeners();
      // A socket that is given up may still report its end.
      socket.on('error', () => undefined);
      if (admission?.answer.kind !== 'welcome') socket.destroy();
      resolve(admission);
    };
    const giveUp = (): void => finish();
    const timer = setTimeout(giveUp, welcomeMs);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', giveUp);
    socket.on('close', giveUp);
    socket.on('data', (chunk: Buffer) => {
      line = Buffer.concat([line, chunk]);
      const end = line.indexOf(newline);
      if (end < 0 && line.length <= longestLine) return;
      const answer = parseWelcome(line.toString('utf8', 0, Math.max(end, 0)));
      socket.pause();
      finish(answer && { answer, socket, rest: line.subarray(end + 1) });
    });
    socket.write(`${JSON.stringify({ token, protocol: protocolVersion, ...client } satisfies Hello)}\n`);
  });
}
