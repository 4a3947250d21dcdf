import * as vscode from 'vscode';
import type { ElementRef } from '../../engine/connections/valuePage';
import { EngineError } from '../../engine/kernel/errors';
import { keyBytes } from '../../engine/kernel/keyName';
import { batchCall } from '../../engine/keys/changeKey';
import { keyLabel } from '../../engine/keys/keyLabel';
import { saveValue } from '../../engine/transfer/valueFile';
import type { App } from '../app';
import { sizeText } from '../messages';
import { inform, withProgress } from '../prompts';
import type { KeyNode } from '../trees/nodes';
import { connectAndShow } from './pickNode';
import { fileSink } from './transferFiles';
import { fileName } from '../fileName';
import { askSaveFile } from './transferPrompts';

const t = vscode.l10n.t;

/**
 * Writes the value of a key, or one element of it, to a file the person chooses: bytes as they are, values with
 * several elements as an export of that one key.
 */
export async function saveValueAs(app: App, node: KeyNode, element?: ElementRef): Promise<void> {
  const { connection } = node.place;
  await connectAndShow(app, connection);
  const label = keyLabel(node.key);
  const uri = await askSaveFile(t('Save the value of {0}', label.slice(0, 80)), fileName(label));
  const bytes = await app.recorder.during(operationOf(node), () =>
    element ? saveElement(node, element, uri) : saveWhole(app, node, uri),
  );
  inform(t('{0} saved to {1}.', sizeText(bytes), uri.fsPath));
}

function operationOf({ place, key }: KeyNode) {
  const { id, environment } = place.connection.profile;
  const namespace = place.namespace?.name ?? `db ${place.db}`;
  return { action: 'value.save', connectionId: id, environment, namespace, keyOrPattern: keyLabel(key) };
}

async function saveWhole(app: App, { place, key }: KeyNode, uri: vscode.Uri): Promise<number> {
  const { connection, db } = place;
  return withProgress(t('Saving {0}', keyLabel(key)), (signal, report) =>
    connection.watched(async () => {
      const reader = await connection.provider(db, signal);
      const call = batchCall(connection.call(signal));
      const onProgress = (bytes: number): void => {
        report(sizeText(bytes));
      };
      return saveValue({
        reader,
        call,
        key: keyBytes(key),
        sink: await fileSink(uri),
        sealKey: await app.sealKey(),
        clock: app.clock,
        onProgress,
      });
    }),
  );
}

async function saveElement({ place, key }: KeyNode, element: ElementRef, uri: vscode.Uri): Promise<number> {
  const bytes = await readWholeElement(place, key, element);
  const sink = await fileSink(uri);
  try {
    await sink.write(bytes);
    await sink.commit();
  } catch (thrown) {
    await sink.discard();
    throw thrown;
  }
  return bytes.length;
}

/** One element of a value, whole; rejects with CONFLICT when it does not exist any more. */
export async function readWholeElement(
  { connection, db }: KeyNode['place'],
  key: KeyNode['key'],
  element: ElementRef,
): Promise<Buffer> {
  const { value } = await connection.read(db, (reader, call) =>
    reader.readElement(keyBytes(key), element, batchCall(call)),
  );
  if (value) return value;
  throw new EngineError(
    'CONFLICT',
    'gone',
    t('The element does not exist any more. Refresh to see what is there'),
  );
}
