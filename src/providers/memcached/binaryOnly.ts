import { withDeadline } from '../../engine/kernel/deadline';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import { openSocket, type SocketRequest } from './openSocket';

/** A `version` request of the binary protocol: magic, opcode, and no more (memcached's BinaryProtocolRevamped). */
const versionRequest = Buffer.alloc(24);
versionRequest.set([0x80, 0x0b]);
const responseMagic = 0x81;

/**
 * Why a server did not answer a text command: one that was started with `-B binary` waits for the rest of what it takes for
 * a header. Gives the error to tell, which is the given one for a server that is silent in this way too.
 */
export async function whySilent(
  thrown: unknown,
  request: SocketRequest,
  call: CallOptions,
): Promise<EngineError> {
  const error = toEngineError(thrown);
  if (error.reason !== 'timeout' || request.profile.auth.method !== 'none') return error;
  const isBinary = await answersBinary(request, call).catch(() => false);
  if (!isBinary) return error;
  return new EngineError(
    'NOT_SUPPORTED',
    'unsupported',
    'The server speaks only the binary protocol (-B binary), which is used here with SASL only. Start it without -B',
    { cause: error },
  );
}

async function answersBinary(request: SocketRequest, call: CallOptions): Promise<boolean> {
  const socket = await openSocket(request, call);
  try {
    const first = new Promise<boolean>((resolve) => {
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk[0] === responseMagic);
      });
      socket.once('close', () => {
        resolve(false);
      });
      socket.on('error', () => {
        resolve(false);
      });
    });
    socket.write(versionRequest);
    return await withDeadline(first, call, 'A binary answer');
  } finally {
    socket.destroy();
  }
}
