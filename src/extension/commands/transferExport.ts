import * as vscode from 'vscode';
import type { KeyName } from '../../engine/kernel/keyName';
import { keyLabel } from '../../engine/keys/keyLabel';
import { commandFormat } from '../../engine/transfer/commandFormat';
import { exportEnding, exportKeys, type ExportReport } from '../../engine/transfer/exportKeys';
import { linesFormat, type FileFormat } from '../../engine/transfer/fileFormat';
import type { App } from '../app';
import { errorText, number, placeName, sizeText } from '../messages';
import { askChoice } from '../plainWindow';
import { inform, warn, withProgress } from '../prompts';
import { placeOf, type FolderNode, type KeyNode, type Node, type PlaceNode } from '../trees/nodes';
import { collectKeys } from './collectKeys';
import { aimedAt, connectAndShow, pickKeys, pickPlace, required } from './pickNode';
import { fileSink } from './transferFiles';
import { fileName } from '../fileName';
import { askSaveFile } from './transferPrompts';

const t = vscode.l10n.t;

/** What an export is of. */
interface ExportScope {
  readonly place: PlaceNode;
  readonly keys: readonly KeyName[];
  readonly label: string;
}

/** Writes the selected keys, a folder or a whole place to a file. */
export async function exportCommand(
  app: App,
  node: KeyNode | FolderNode | PlaceNode | undefined,
  selected: readonly Node[] | undefined,
): Promise<void> {
  const scope = await scopeOf(app, node, selected);
  if (scope.keys.length === 0) {
    inform(t('There is no key to export.'));
    return;
  }
  const { format, suffix } = await askFormat(scope);
  const uri = await askSaveFile(t('Export {0}', scope.label), fileName(scope.label, `.${suffix}`));
  tellReport(await run(app, scope, uri, format), scope, uri);
}

/** Memcached has one format. */
async function askFormat({
  place,
  label,
}: ExportScope): Promise<{ readonly format: FileFormat; readonly suffix: string }> {
  const lines = { format: linesFormat, suffix: 'jsonl' };
  if (place.connection.profile.engine === 'memcached') return lines;
  const choices = [
    { label: t('JSON lines'), detail: t('Every type, of any size; tells when it was cut off'), value: lines },
    {
      label: t('Redis commands'),
      detail: t('For redis-cli: deletes nothing, replaces strings, adds elements to what is there'),
      value: { format: commandFormat, suffix: 'redis' },
    },
  ];
  return required(await askChoice(t('Export {0}', label), choices));
}

async function scopeOf(
  app: App,
  node: KeyNode | FolderNode | PlaceNode | undefined,
  selected: readonly Node[] | undefined,
): Promise<ExportScope> {
  const own = node ?? (await aimedAt(app))[0];
  if (own?.kind === 'folder' || own?.kind === 'place') return containerScope(app, own);
  if (!own) return containerScope(app, await pickPlace(app, undefined, t('Export keys')));
  return keysScope(await pickKeys(app, node?.kind === 'key' ? node : undefined, selected, t('Export keys')));
}

function keysScope(keys: readonly KeyNode[]): ExportScope {
  const first = required(keys[0]);
  const label = keys.length === 1 ? keyLabel(first.key) : t('{0} keys', keys.length);
  return { place: first.place, keys: keys.map(({ key }) => key), label };
}

async function containerScope(app: App, node: FolderNode | PlaceNode): Promise<ExportScope> {
  const place = required(placeOf(node));
  await connectAndShow(app, place.connection);
  const keys = required(await collectKeys(app, node));
  const label = node.kind === 'folder' ? keyLabel(node.prefix) : placeName(place);
  return { place, keys, label };
}

function run(app: App, scope: ExportScope, uri: vscode.Uri, format: FileFormat): PromiseLike<ExportReport> {
  const { connection, db, namespace } = scope.place;
  const { id, environment } = connection.profile;
  const operation = {
    action: 'keys.export',
    connectionId: id,
    environment,
    namespace: namespace?.name ?? `db ${db}`,
    keyOrPattern: scope.label,
  };
  return withProgress(t('Exporting {0}', scope.label), (signal, report) =>
    app.recorder.during(
      operation,
      async () => {
        const sink = await fileSink(uri);
        const sealKey = await app.sealKey();
        const onProgress = progressOf(app, scope.keys.length, report);
        return exportKeys({
          connection, db, keys: scope.keys, format, sink, sealKey, clock: app.clock, signal, onProgress,
        }); // prettier-ignore
      },
      exportEnding,
    ),
  );
}

/** Says how far an export is, how fast it goes, and how large the file is. */
function progressOf(
  app: App,
  total: number,
  report: (message: string, increment: number) => void,
): (so: ExportReport) => void {
  const start = app.clock.monotonic();
  let shown = 0;
  return ({ keys, failed, bytes }) => {
    const done = keys + failed;
    const rate = Math.round(done / Math.max(0.001, (app.clock.monotonic() - start) / 1000));
    const text = t('{0} of {1}, {2}, {3} keys/s', number(done), number(total), sizeText(bytes), number(rate));
    report(text, ((done - shown) / total) * 100);
    shown = done;
  };
}

function tellReport({ keys, failed, failures }: ExportReport, scope: ExportScope, uri: vscode.Uri): void {
  const done =
    keys === 1
      ? t('1 key exported to {0}.', uri.fsPath)
      : t('{0} keys exported to {1}.', number(keys), uri.fsPath);
  const [first] = failures;
  if (!first) {
    inform(done);
    return;
  }
  const missing =
    failed === 1
      ? t('{0} is not in the file.', keyLabel(first.key))
      : t('{0} are not in the file, the first is {1}.', number(failed), keyLabel(first.key));
  warn([done, missing, errorText(first.error, scope.place.connection.profile)].join(' '));
}
