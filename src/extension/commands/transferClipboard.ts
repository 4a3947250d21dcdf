import * as vscode from 'vscode';
import type { CacheReader, CallOptions } from '../../engine/connections/cacheProvider';
import type { ElementRef } from '../../engine/connections/valuePage';
import { EngineError } from '../../engine/kernel/errors';
import { keyBytes } from '../../engine/kernel/keyName';
import { keyLabel, labelOfBytes } from '../../engine/keys/keyLabel';
import { readParts } from '../../engine/transfer/readParts';
import type { App } from '../app';
import { askChoice } from '../plainWindow';
import { tell } from '../prompts';
import type { KeyNode } from '../trees/nodes';
import { connectAndShow, required } from './pickNode';
import { readWholeElement } from './transferSave';

const t = vscode.l10n.t;

/** How bytes become text: `escaped` can be read back, `text` may lose what is no UTF-8, `base64` is for tools. */
export type CopyForm = 'escaped' | 'text' | 'base64';

/** Largest value that is put on the clipboard, bytes. */
const largestCopy = 1024 * 1024;

/** Puts the value of a key, or one element of it, on the clipboard. Above 1 MiB it says to save it instead. */
export async function copyValue(
  app: App,
  node: KeyNode,
  form: CopyForm,
  element?: ElementRef,
): Promise<void> {
  await connectAndShow(app, node.place.connection);
  const bytes = element ? await readWholeElement(node.place, node.key, element) : await readSmall(app, node);
  if (bytes.length > largestCopy) throw tooLarge(node);
  await vscode.env.clipboard.writeText(textOf(bytes, form));
  const isExact = form !== 'text' || Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
  tell(isExact ? t('Copied') : t('Copied, but the value is not valid UTF-8: the copy differs from it'));
}

/** Asks how the value is to be copied; ends the command when dismissed. */
export async function askForm(): Promise<CopyForm> {
  return required(
    await askChoice<CopyForm>(t('Copy value'), [
      { label: t('As text'), detail: t('What is no UTF-8 is lost'), value: 'text' },
      { label: t('Escaped'), detail: t('On one line, bytes that are no text as \\xff'), value: 'escaped' },
      { label: t('Base64'), value: 'base64' },
    ]),
  );
}

function textOf(bytes: Buffer, form: CopyForm): string {
  if (form === 'base64') return bytes.toString('base64');
  return form === 'text' ? bytes.toString('utf8') : labelOfBytes(bytes);
}

async function readSmall(app: App, node: KeyNode): Promise<Buffer> {
  const { connection, db } = node.place;
  const { value } = await connection.read(db, (reader, call) => wholeValue(app, reader, node, call));
  return value;
}

async function wholeValue(app: App, reader: CacheReader, node: KeyNode, call: CallOptions): Promise<Buffer> {
  const key = keyBytes(node.key);
  const facts = await reader.describe(key, call);
  if (!facts) throw new EngineError('CONFLICT', 'gone', t('{0} does not exist any more', keyLabel(node.key)));
  if (facts.type !== 'string' && facts.type !== 'item' && facts.type !== 'json')
    throw new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      t('Only values without elements can be copied whole: save {0} to a file instead', keyLabel(node.key)),
    );
  if ((facts.length ?? 0) > largestCopy) throw tooLarge(node);
  const pieces: Buffer[] = [];
  for await (const part of readParts(reader, key, facts, call, () => app.clock.now()))
    if ('bytes' in part) pieces.push(part.bytes);
  return Buffer.concat(pieces);
}

function tooLarge({ key }: KeyNode): EngineError {
  const message = t('{0} is larger than 1 MiB: save it to a file instead', keyLabel(key));
  return new EngineError('VALIDATION_ERROR', 'invalid', message);
}
