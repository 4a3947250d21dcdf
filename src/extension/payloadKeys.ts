import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { SecretStorage } from 'vscode';
import { EngineError } from '../engine/kernel/errors';
import { parseWith } from '../engine/kernel/parse';
import type { PayloadKey, PayloadKeys } from '../engine/kernel/payloadKeys';
import type { KeyFiles } from './payloadKeyFiles';

/** Where the key for new payloads is kept. */
export type KeyPlace = 'keyring' | 'file';

/** What the keys of payloads need of the host. */
export interface PayloadKeyHost {
  readonly secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>;
  /** In the folder of the store. */
  readonly files: KeyFiles;
  /** Read at each use. */
  readonly place: () => KeyPlace;
  /** Whether secrets may end with the page, as in a browser: a key made in this session is not relied on then. */
  readonly mayForget: boolean;
  /** Told whenever the keyring turns out not to keep the key: offers another place. */
  readonly onForgotten: () => void;
}

/** File that holds the id of the key in the keyring: it tells a keyring that has forgotten from a first start. */
const markerFile = 'payload.key-id';
const keyFile = 'payload.key';

const keyIdPattern = /^[0-9a-f]{32}$/;
const storedKey = v.object({
  id: v.pipe(v.string(), v.regex(keyIdPattern)),
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** Name under which SecretStorage keeps a key of payloads. */
function secretName(id: string): string {
  return `cachify.payloadKey.${id}`;
}

/**
 * Keys of payloads in the keyring, or in a file that only this user can read if the person chose so. A key is made once
 * for a store: windows that make one at the same time agree by the marker, which only one of them can create. When the
 * marker is there and the key is not, the keyring has forgotten it, or belongs to another client: no key takes its place
 * by itself, since what is encrypted with it would be lost with the next reload.
 */
export class HostPayloadKeys implements PayloadKeys {
  private readonly known = new Map<string, PayloadKey>();
  private readonly madeHere = new Set<string>();

  constructor(private readonly host: PayloadKeyHost) {}

  current(): Promise<PayloadKey> {
    return guarded(() => (this.host.place() === 'file' ? this.fileKey() : this.keyringKey()));
  }

  byId(id: string): Promise<PayloadKey | undefined> {
    return guarded(async () => {
      if (!keyIdPattern.test(id)) return undefined;
      // The chosen place first: the other one may be broken.
      return this.host.place() === 'file'
        ? ((await this.fromFile(id)) ?? (await this.fromKeyring(id)))
        : ((await this.fromKeyring(id)) ?? (await this.fromFile(id)));
    });
  }

  private async keyringKey(): Promise<PayloadKey> {
    const id = (await this.readMarker()) ?? (await this.makeKeyringKey());
    const key = await this.fromKeyring(id);
    if (key && !(this.host.mayForget && this.madeHere.has(id))) return key;
    this.host.onForgotten();
    throw unavailable(
      'The secret storage of the editor does not keep the key of stored values, so nothing was stored',
    );
  }

  private async readMarker(): Promise<string | undefined> {
    const id = await this.host.files.read(markerFile);
    if (id === undefined || keyIdPattern.test(id)) return id;
    throw unavailable(`The file ${markerFile} in the store is damaged, so nothing was stored`);
  }

  /** Makes a key, in the keyring first, and the marker; returns the id of the key that this or another window made. */
  private async makeKeyringKey(): Promise<string> {
    const { secrets, files } = this.host;
    const key = newKey();
    await secrets.store(secretName(key.id), encode(key));
    if (await files.create(markerFile, key.id)) {
      this.madeHere.add(key.id);
      return key.id;
    }
    await secrets.delete(secretName(key.id));
    return (await this.readMarker()) ?? key.id;
  }

  private async fromKeyring(id: string): Promise<PayloadKey | undefined> {
    const known = this.known.get(id);
    if (known) return known;
    const text = await this.host.secrets.get(secretName(id));
    return text === undefined ? undefined : this.remember(decode(text));
  }

  private async fileKey(): Promise<PayloadKey> {
    const found = await this.readKeyFile();
    if (found) return found;
    const key = newKey();
    if (await this.host.files.create(keyFile, encode(key))) return this.remember(key);
    return (await this.readKeyFile()) ?? key;
  }

  private async fromFile(id: string): Promise<PayloadKey | undefined> {
    const key = this.known.get(id) ?? (await this.readKeyFile());
    return key?.id === id ? key : undefined;
  }

  private async readKeyFile(): Promise<PayloadKey | undefined> {
    const text = await this.host.files.read(keyFile);
    return text === undefined ? undefined : this.remember(decode(text));
  }

  private remember(key: PayloadKey): PayloadKey {
    this.known.set(key.id, key);
    return key;
  }
}

function newKey(): PayloadKey {
  return { id: randomBytes(16).toString('hex'), bytes: randomBytes(32) };
}

function encode({ id, bytes }: PayloadKey): string {
  return JSON.stringify({ id, key: Buffer.from(bytes).toString('hex') });
}

function decode(text: string): PayloadKey {
  const { id, key } = parseWith(storedKey, parsedJson(text), 'Key of stored values');
  return { id, bytes: Buffer.from(key, 'hex') };
}

/** The cause is left out: it would quote the text, which is a key. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is no JSON');
  }
}

/** What fails on the way to a key says that there is none now; nothing is written without. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason === 'secrets-unavailable') throw thrown;
    throw unavailable('The key of stored values cannot be read or kept, so no value was stored', thrown);
  }
}

function unavailable(message: string, cause?: unknown): EngineError {
  const details = { secret: 'payload-key' };
  return new EngineError('INTERNAL_ERROR', 'secrets-unavailable', message, { details, cause });
}
