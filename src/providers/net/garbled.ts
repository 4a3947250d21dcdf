import { EngineError } from '../../engine/kernel/errors';

/** Whose rules the bytes of a server break. */
export type WireProtocol = 'Redis' | 'Memcached';

/** Bytes that no server of this kind sends: what follows them cannot be understood, so the connection must end. */
export function garbled(protocol: WireProtocol, what: string): EngineError {
  const whose = protocol === 'Redis' ? "Redis'" : "Memcached's";
  const message = `The server sent something that is not ${whose} protocol: ${what}`;
  return new EngineError('CONNECTION_FAILED', 'garbled', message);
}

/** What keeps to the protocol and is more than is read at once: the rest cannot be skipped, so that the connection must end too. */
export function tooLarge(what: string): EngineError {
  const message = `The server sent a reply larger than Cachify reads at once: ${what}`;
  return new EngineError('CONNECTION_FAILED', 'too-large', message);
}
