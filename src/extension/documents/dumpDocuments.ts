import * as vscode from 'vscode';
import { EngineError } from '../../engine/kernel/errors';
import { keyName } from '../../engine/kernel/keyName';
import { keyLabel } from '../../engine/keys/keyLabel';
import { hexDump, maxHexShown } from '../../engine/values/views/hexText';
import type { App } from '../app';
import { number } from '../messages';
import { documentUri, placeOfUri, type DocumentPlace } from './documentPlace';
import { ReadOnlyDocuments } from './readOnlyDocuments';

const t = vscode.l10n.t;

/** Documents of the serialised form of keys, in hex. */
export function dumpDocuments(app: App): ReadOnlyDocuments {
  return new ReadOnlyDocuments('cachify-dump', async (uri) => readDump(app, await placeOfUri(app, uri)));
}

/** Address of the document of one key's serialised form. */
export function dumpUri(place: DocumentPlace, scheme: string): vscode.Uri {
  const uri = documentUri(place, scheme);
  return uri.with({ path: `${uri.path} (DUMP).txt` });
}

async function readDump(app: App, { target, connection, namespace }: DocumentPlace): Promise<string> {
  const { id, environment } = connection.profile;
  const label = keyLabel(keyName(target.key));
  const operation = {
    action: 'key.dump',
    connectionId: id,
    environment,
    namespace: namespace?.name ?? `db ${target.db}`,
    keyOrPattern: label,
  };
  const { value } = await app.recorder.during(operation, () =>
    connection.read(target.db, (reader, call) => reader.dump(target.key, call)),
  );
  if (!value)
    throw new EngineError('CONFLICT', 'gone', t('{0} does not exist on the server any more', label));
  return dumpText(label, value.payload);
}

/** The last ten bytes are the version of the format, low byte first, and a checksum. */
function dumpText(label: string, payload: Buffer): string {
  const version = payload.length >= 10 ? payload.readUInt16LE(payload.length - 10) : 0;
  const head = t(
    '{0}: {1} bytes as DUMP gives them, format version {2}',
    label,
    number(payload.length),
    version,
  );
  const rest =
    payload.length > maxHexShown ? [t('Only the first {0} bytes are shown.', number(maxHexShown))] : [];
  return [head, ...rest, '', hexDump(payload), ''].join('\n');
}
