import { type Socket, connect } from 'node:net';
import { helloOf, parseWelcome, responseTo, type Hello, type Meeting, type Welcome } from './handshake';
import { HandshakeLines, sendLine } from './handshakeLines';

/** How long an owner may take to each of its lines, milliseconds; one that saves a snapshot is busy that long. */
const lineMs = 2000;

/** `impostor`: who answers there cannot prove to be the owner, and was told nothing. */
type Answer = Welcome | { readonly kind: 'impostor' };

/** What came of asking an owner to be let in: its answer, and on `welcome` the open socket, paused, with what it sent since. */
export interface Admission {
  readonly answer: Answer;
  readonly socket: Socket;
  readonly rest: Buffer;
}

/** Asks the owner at an address to be let in; undefined when nobody answers. Aborting it counts as no answer. */
export function openLink(
  met: Meeting,
  client: Pick<Hello, 'client' | 'schema'>,
  signal: AbortSignal,
): Promise<Admission | undefined> {
  return new Promise((resolve) => {
    const socket = connect(met.address);
    const lines = new HandshakeLines();
    const answerOf = askFor(socket, met, client);
    const finish = (answer?: Answer): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.removeAllListeners();
      // A socket that is given up may still report its end.
      socket.on('error', () => undefined);
      if (answer?.kind === 'welcome') socket.pause();
      else socket.destroy();
      resolve(answer && { answer, socket, rest: lines.rest });
    };
    const giveUp = (): void => finish();
    const timer = setTimeout(giveUp, lineMs);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', giveUp);
    socket.on('close', giveUp);
    socket.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      for (let line = lines.next(); line !== undefined; line = lines.next()) {
        const answer = answerOf(line);
        if (answer !== 'proved') return finish(answer);
        timer.refresh();
      }
    });
  });
}

/** Takes the lines of an owner: the first has to prove who it is. Undefined for one that cannot be understood. */
function askFor(
  socket: Socket,
  met: Meeting,
  client: Pick<Hello, 'client' | 'schema'>,
): (line: string) => Answer | 'proved' | undefined {
  const said = helloOf(client);
  let isProved = false;
  sendLine(socket, said);
  return (line) => {
    if (isProved) return parseWelcome(line);
    const response = responseTo(line, said, met);
    if (!response) return { kind: 'impostor' };
    isProved = true;
    sendLine(socket, response);
    return 'proved';
  };
}
