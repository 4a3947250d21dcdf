import { Client } from 'memjs';
import { endpointLabel, type Endpoint } from '../../engine/connections/profile';
import type { OpenRequest, CallOptions } from '../../engine/connections/cacheProvider';
import { withDeadline } from '../../engine/kernel/deadline';
import { EngineError, toError } from '../../engine/kernel/errors';
import { socketError } from '../net/socketErrors';
import { BoundedServer } from './boundedServer';
import { requirePlainKey } from './metaCommands';

/** An item as memjs sends and gives it. */
export interface SaslItem {
  readonly bytes: Buffer;
  readonly flags: number;
}

/** memjs writes flags as zero and leaves the rest to its serializer: this one puts ours where the protocol has them. */
const serializer = {
  serialize: (_opcode: number, { bytes, flags }: SaslItem, extras: Buffer) => {
    extras.writeUInt32BE(flags, 0);
    return { value: bytes, extras };
  },
  deserialize: (_opcode: number, value: Buffer | null, extras: Buffer) => {
    const item: SaslItem | null = value && {
      bytes: Buffer.from(value),
      flags: extras.length >= 4 ? extras.readUInt32BE(0) : 0,
    };
    return { value: item, extras };
  },
};

/** One server over the binary protocol with SASL PLAIN, through memjs. A command is sent at most once. */
export class SaslClient {
  readonly where: string;
  private readonly client: Client<SaslItem, SaslItem | null>;

  constructor({ profile, secrets }: OpenRequest, endpoint: Extract<Endpoint, { kind: 'tcp' }>) {
    this.where = endpointLabel(endpoint);
    const { username } = profile.auth;
    // memjs takes missing credentials from the environment: they must never be missing here
    if (!username || !secrets.password) {
      throw new EngineError(
        'UNAUTHORIZED',
        'password-needed',
        `${this.where}: SASL needs a user name and a password`,
      );
    }
    const seconds = profile.timeoutMs / 1000;
    const options = {
      timeout: seconds,
      conntimeout: seconds,
      retries: 1,
      serializer,
      logger: { log: () => undefined },
    };
    const server = new BoundedServer(endpoint.host, endpoint.port, username, secrets.password, options);
    this.client = Client.create<SaslItem, SaslItem | null>(this.where, options);
    Object.assign(this.client, { servers: [server] });
  }

  async get(key: Buffer, call: CallOptions): Promise<SaslItem | undefined> {
    const { value } = await this.run(this.client.get(keyText(key)), call);
    return value ?? undefined;
  }

  /** False when the key exists already. */
  add(key: Buffer, item: SaslItem, expires: number, call: CallOptions): Promise<boolean> {
    return this.run(this.client.add(keyText(key), item, { expires }), call);
  }

  /** False when the key does not exist. */
  touch(key: Buffer, expires: number, call: CallOptions): Promise<boolean> {
    return this.run(this.client.touch(keyText(key), expires), call);
  }

  /** False when the key does not exist. */
  delete(key: Buffer, call: CallOptions): Promise<boolean> {
    return this.run(this.client.delete(keyText(key)), call);
  }

  stats(call: CallOptions): Promise<Map<string, string>> {
    const asked = new Promise<Map<string, string>>((resolve, reject) => {
      this.client.stats((error, _server, stats) => {
        if (error) reject(toError(error));
        else resolve(new Map(Object.entries(stats ?? {})));
      });
    });
    return this.run(asked, call);
  }

  close(): void {
    this.client.close();
  }

  private async run<T>(work: Promise<T>, call: CallOptions): Promise<T> {
    try {
      return await withDeadline(work, call, `An answer of ${this.where}`);
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  private failure(thrown: unknown): EngineError {
    if (thrown instanceof EngineError) return thrown;
    const { message } = toError(thrown);
    if (/authentication failed|Authentication error/i.test(message)) {
      return new EngineError(
        'UNAUTHORIZED',
        'wrong-password',
        `${this.where} refused the user name or password`,
      );
    }
    if (/timed out/.test(message))
      return socketError(Object.assign(new Error(message), { code: 'ETIMEDOUT' }), this.where, false);
    if (/too large|Out of memory/i.test(message))
      return new EngineError('CONNECTION_FAILED', 'server-full', message);
    return socketError(thrown, this.where, false);
  }
}

/** memjs takes keys as text: a name that is no UTF-8 cannot be sent through it unharmed. */
function keyText(key: Buffer): string {
  requirePlainKey(key);
  const text = key.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(key)) return text;
  throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Names that are no UTF-8 cannot be used over SASL');
}
