import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { isIP } from 'node:net';
import { EngineError, toError } from '../../engine/kernel/errors';
import type { TlsOptions } from '../../engine/connections/profile';
import type { ConnectionSecrets } from '../../engine/connections/stores';

/** Options for `tls.connect`, certificate files read; undefined when TLS is off. Rejects naming the file that cannot be read. */
export async function tlsOptions(
  tls: TlsOptions,
  secrets: ConnectionSecrets,
  host: string | undefined,
): Promise<ConnectionOptions | undefined> {
  if (!tls.enabled) return undefined;
  const [ca, cert, key] = await Promise.all([
    readPem(tls.caFile, 'CA'),
    readPem(tls.certificateFile, 'client certificate'),
    readPem(tls.keyFile, 'client key'),
  ]);
  const servername = tls.servername ?? (host && !isIP(host) ? host : undefined);
  return {
    rejectUnauthorized: tls.verify,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(secrets.keyPassphrase !== undefined && { passphrase: secrets.keyPassphrase }),
    ...(servername !== undefined && { servername }),
  };
}

async function readPem(path: string | undefined, what: string): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new EngineError('CONNECTION_FAILED', 'tls', `The ${what} file ${path} cannot be read`, {
      cause: toError(thrown),
    });
  }
}
