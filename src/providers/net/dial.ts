import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Endpoint } from '../../engine/connections/profile';

/** Begins to connect to an endpoint, over TLS if its options are given. */
export function dial(endpoint: Endpoint, tls: ConnectionOptions | undefined): Socket {
  const address =
    endpoint.kind === 'tcp' ? { host: endpoint.host, port: endpoint.port } : { path: endpoint.path };
  return tls ? connectTls({ ...address, ...tls }) : connectTcp(address);
}
