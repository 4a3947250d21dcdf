import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireTool } from '../../scripts/tools.cjs';

const run = promisify(execFile);

/** Certificates of a test: an authority, a server for 127.0.0.1 and `cache.test`, and a client. */
export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority and a certificate it has signed, in `folder`. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const openssl = (...args: string[]) => run(requireTool('openssl'), args, { cwd: folder });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=Test CA',
  );
  const names = 'subjectAltName=IP:127.0.0.1,DNS:cache.test';
  await openssl(
    'req',
    ...curve,
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=cache.test',
    '-addext',
    names,
  );
  await openssl(
    'x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial',
    '-out', 'server.crt', '-days', '2', '-copy_extensions', 'copy',
  ); // prettier-ignore
  return {
    ca: join(folder, 'ca.crt'),
    certificate: join(folder, 'server.crt'),
    key: join(folder, 'server.key'),
  };
}
