import type { Socket } from 'node:net';
import { endpointLabel, type ConnectionProfile, type Endpoint } from '../../engine/connections/profile';
import type { ConnectionSecrets } from '../../engine/connections/stores';
import { withDeadline } from '../../engine/kernel/deadline';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { dial } from '../net/dial';
import { silentTls, socketError } from '../net/socketErrors';
import { tlsOptions } from '../net/tlsOptions';
import { wordParser } from './replies';
import { ReplyReader } from './replyReader';

/** Which server to reach, and how to prove who we are. */
export interface SocketRequest {
  readonly endpoint: Endpoint;
  readonly profile: ConnectionProfile;
  readonly secrets: ConnectionSecrets;
}

/** Opens a socket that is ready for commands: TLS verified, text authentication done. Never falls back to plaintext. */
export async function openSocket(request: SocketRequest, call: CallOptions): Promise<Socket> {
  const { endpoint, profile, secrets } = request;
  const where = endpointLabel(endpoint);
  const tls = await tlsOptions(profile.tls, secrets, endpoint.kind === 'tcp' ? endpoint.host : undefined);
  const socket = dial(endpoint, tls);
  const ready = new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', resolve);
    socket.once('error', (error) => {
      reject(socketError(error, where, tls !== undefined));
    });
    socket.once('close', () => {
      reject(socketError({ code: 'ECONNRESET' }, where, tls !== undefined));
    });
  });
  try {
    await withDeadline(
      ready.then(() => authenticate(socket, request)),
      call,
      `Connecting to ${where}`,
    );
  } catch (thrown) {
    const failure = silentTls(toEngineError(thrown), socket, where);
    socket.destroy();
    throw failure;
  }
  socket.setNoDelay(true);
  return socket;
}

/** Text authentication (servers started with -Y): user and password are sent as the value of the first `set`. */
async function authenticate(socket: Socket, { profile, secrets }: SocketRequest): Promise<void> {
  if (profile.auth.method !== 'password') return;
  const credentials = Buffer.from(`${profile.auth.username ?? ''} ${secrets.password ?? ''}`, 'utf8');
  socket.write(
    Buffer.concat([
      Buffer.from(`set cachify 0 0 ${credentials.length}\r\n`),
      credentials,
      Buffer.from('\r\n'),
    ]),
  );
  const answer = await firstReply(socket);
  if (answer === 'STORED') return;
  throw new EngineError('UNAUTHORIZED', 'wrong-password', 'The server refused the user name or password');
}

const setParser = wordParser(/^(NOT_)?STORED$/);

async function firstReply(socket: Socket): Promise<string> {
  const replies = new ReplyReader();
  const onData = (chunk: Buffer): void => {
    try {
      replies.take(chunk);
    } catch (thrown) {
      replies.rejectAll(toEngineError(thrown));
      socket.destroy();
    }
  };
  socket.on('data', onData);
  socket.once('close', () => {
    replies.rejectAll(new EngineError('CONNECTION_FAILED', 'dropped', 'The server closed the connection'));
  });
  try {
    return await replies.expect(setParser);
  } finally {
    socket.off('data', onData);
  }
}
