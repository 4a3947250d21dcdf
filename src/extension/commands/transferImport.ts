import { basename } from 'node:path';
import * as vscode from 'vscode';
import { keyLabel, labelOfBytes } from '../../engine/keys/keyLabel';
import type { ConflictAnswer, ConflictPolicy, KeyResult } from '../../engine/transfer/importJob';
import type { SealKey } from '../../engine/transfer/dumpSeal';
import { importKeys } from '../../engine/transfer/importKeys';
import { planImport, type ImportPlan } from '../../engine/transfer/importPlan';
import type { ImportReport } from '../../engine/transfer/importReport';
import { keysFile } from '../../engine/transfer/openFile';
import type { FileSource } from '../../engine/transfer/ports';
import type { App } from '../app';
import { errorText, number, placeName } from '../messages';
import { askChoice, showMessage } from '../plainWindow';
import { askText, tell, withProgress } from '../prompts';
import { placePrefix, type ConnectionNode, type PlaceNode } from '../trees/nodes';
import { confirmDestructive, type Confirmation } from './confirmWrite';
import { connectAndShow, pickPlace, required } from './pickNode';
import { fileSource } from './transferFiles';
import { askOpenFile } from './transferPrompts';
import { ResultsFile } from './transferResults';
import { askUnsigned } from './transferUnsigned';

const t = vscode.l10n.t;

interface Chosen {
  readonly policy: ConflictPolicy;
  readonly confirmation: Confirmation;
  readonly keysPerSecond?: number;
}

/** How serialised values are taken. */
interface Sealing {
  readonly sealKey: SealKey;
  readonly takesUnsigned: boolean;
}

/** Reads a file of keys, tells what it would do, and writes them as the person decides. */
export async function importCommand(
  app: App,
  node: ConnectionNode | PlaceNode | undefined,
  refresh: (place: PlaceNode) => void,
): Promise<void> {
  // a locked connection is refused before a place of it is asked for
  if (node?.kind === 'connection')
    app.gate.requireUnlocked(requestOf(app, { connection: node.connection, db: 0 }, ''));
  const place = await pickPlace(app, node, t('Import keys'));
  app.gate.requireUnlocked(requestOf(app, place, ''));
  await connectAndShow(app, place.connection);
  const uri = await askOpenFile(t('Import keys into {0}', placeName(place)));
  const source = await fileSource(uri);
  const sealKey = await app.sealKey();
  const plan = await compared(app, place, source, sealKey);
  const takesUnsigned = plan.unsigned > 0 && (await takesOf(place, plan.unsigned));
  const chosen = await choose(app, place, plan);
  const results = new ResultsFile(uri);
  try {
    const report = await run(
      app,
      place,
      source,
      { ...chosen, sealKey, takesUnsigned },
      results,
      labelOfBytes(Buffer.from(basename(uri.path))),
    );
    refresh(place);
    await tellReport(report, results);
  } finally {
    results.discard();
  }
}

function requestOf(
  app: App,
  { connection, db, namespace }: Pick<PlaceNode, 'connection' | 'db' | 'namespace'>,
  target: string,
) {
  return {
    requestId: app.random.id(),
    connectionId: connection.profile.id,
    db,
    ...(namespace && { namespace: namespace.name }),
    action: 'keys.import',
    target,
    destructive: false,
  };
}

/** Whether the person wants serialised values that are not ours in this place. */
async function takesOf({ connection, db }: PlaceNode, count: number): Promise<boolean> {
  const { identity } = await connection.provider(db);
  return required(await askUnsigned(count, identity)) === 'take';
}

function compared(app: App, place: PlaceNode, source: FileSource, sealKey: SealKey): PromiseLike<ImportPlan> {
  const { connection, db } = place;
  return withProgress(
    t('Comparing the file with {0}', placeName(place)),
    (signal, report) =>
    planImport({
      connection, db, prefix: placePrefix(place), open: keysFile(source), sealKey, clock: app.clock, signal,
      onProgress: (plan) => {
        report(summary(plan));
      },
    }), // prettier-ignore
  );
}

function summary({
  fresh,
  same,
  different,
  expired,
  outside,
  invalid,
  problems,
  endsEarly,
}: ImportPlan): string {
  const parts = [
    t('{0} new', number(fresh)),
    same > 0 ? t('{0} there with the same value', number(same)) : '',
    different > 0 ? t('{0} there with another value', number(different)) : '',
    expired > 0 ? t('{0} expired meanwhile', number(expired)) : '',
    outside > 0 ? t('{0} outside the namespace', number(outside)) : '',
    invalid > 0
      ? unreadable(
          t('{0} unreadable', number(invalid)),
          invalid,
          problems.map(({ line }) => line),
        )
      : '',
    endsEarly ? t('the file is cut off') : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** Lines that are named in a message. */
const namedLines = 10;

/** With the first lines that it is about, so that they can be looked up in the file. */
function unreadable(text: string, count: number, lines: readonly number[]): string {
  const first = lines.slice(0, namedLines).join(', ');
  return count > namedLines ? t('{0} (lines {1} and more)', text, first) : t('{0} (lines {1})', text, first);
}

async function choose(app: App, place: PlaceNode, plan: ImportPlan): Promise<Chosen> {
  const exist = plan.same + plan.different;
  const policies = [
    { label: t('Import'), detail: t('Keys that exist are left as they are'), value: 'skip' },
    {
      label: t('Import and replace'),
      detail: t('Keys that exist get the value of the file'),
      value: 'replace',
    },
    { label: t('Import up to the first that exists'), value: 'stop' },
    { label: t('Import and ask for each that exists'), value: 'ask' },
  ] as const;
  const [plain] = policies;
  const policy: ConflictPolicy = required(
    await askChoice<ConflictPolicy>(
      t('Import keys: nothing is written yet'),
      exist > 0 ? policies : [plain],
      summary(plan),
    ),
  );
  const confirmation =
    policy === 'replace' || policy === 'ask' ? await confirmReplace(app, place, exist) : {};
  const keysPerSecond = place.connection.profile.environment === 'dev' ? undefined : await askRate();
  return {
    policy,
    confirmation: required(confirmation),
    ...(keysPerSecond !== undefined && { keysPerSecond }),
  };
}

function confirmReplace(app: App, place: PlaceNode, exist: number): Promise<Confirmation | undefined> {
  return confirmDestructive(app, {
    connection: place.connection,
    question: exist === 1 ? t('Replace up to 1 key') : t('Replace up to {0} keys', number(exist)),
    detail: t('Their values will be lost and cannot be had back.'),
    action: t('Replace Keys'),
  });
}

async function askRate(): Promise<number | undefined> {
  const text = required(
    await askText({
      title: t('Import keys'),
      prompt: t('Keys a second at most; empty: as fast as the server takes them'),
      validate: (value) => (/^\d{0,6}$/.test(value) ? undefined : t('Write a whole number, or nothing')),
    }),
  );
  return Number(text) > 0 ? Number(text) : undefined;
}

function run(
  app: App,
  place: PlaceNode,
  source: FileSource,
  { policy, confirmation, keysPerSecond, sealKey, takesUnsigned }: Chosen & Sealing,
  results: ResultsFile,
  label: string,
): PromiseLike<ImportReport> {
  const { connection, db } = place;
  const destructive = policy === 'replace' || policy === 'ask';
  const start = app.clock.monotonic();
  const onResult = (result: KeyResult): void => {
    results.add(result);
    if (result.key !== undefined && result.fate === 'written')
      app.places.note(connection, db, result.key, true);
  };
  return withProgress(
    t('Importing keys'),
    (signal, report) =>
    importKeys({
      gate: app.gate, connection, request: { ...requestOf(app, place, label), destructive, ...confirmation },
      open: keysFile(source), prefix: placePrefix(place), policy, ask, onBadLine: 'skip', sealKey, takesUnsigned, clock: app.clock, signal, onResult,
      ...(keysPerSecond !== undefined && { keysPerSecond }),
      onProgress: ({ keys }) => {
        const rate = Math.round(keys / Math.max(0.001, (app.clock.monotonic() - start) / 1000));
        report(t('{0} keys, {1} keys/s', number(keys), number(rate)));
      },
    }), // prettier-ignore
  );
}

function ask(key: Parameters<typeof keyLabel>[0]): Promise<ConflictAnswer> {
  return askChoice<ConflictAnswer>(t('{0} exists', keyLabel(key).slice(0, 200)), [
    { label: t('Skip it'), value: 'skip' },
    { label: t('Replace it'), value: 'replace' },
    { label: t('Skip all that exist'), value: 'skip-all' },
    { label: t('Replace all that exist'), value: 'replace-all' },
    { label: t('Stop here'), value: 'stop' },
  ]).then((answer) => answer ?? 'stop');
}

async function tellReport(report: ImportReport, results: ResultsFile): Promise<void> {
  const text = [reportText(report), report.error && errorText(report.error)].filter(Boolean).join('. ');
  const save = t('Save Results');
  const isFine =
    report.failed + report.unknown + report.invalid === 0 && !report.stopped && !report.endsEarly;
  if ((await showMessage(isFine ? 'info' : 'warning', text, save)) !== save) return;
  tell(t('Saved {0}', await results.keep()));
}

function reportText(report: ImportReport): string {
  const parts = [
    t('{0} written', number(report.written)),
    report.replaced > 0 ? t('{0} replaced', number(report.replaced)) : '',
    report.skipped > 0 ? t('{0} skipped because they exist', number(report.skipped)) : '',
    report.expired > 0 ? t('{0} expired meanwhile', number(report.expired)) : '',
    report.invalid > 0
      ? unreadable(
          t('{0} unreadable or outside the namespace', number(report.invalid)),
          report.invalid,
          report.invalidLines,
        )
      : '',
    report.failed > 0 ? t('{0} failed', number(report.failed)) : '',
    report.unknown > 0 ? t('{0} unknown because the reply was lost', number(report.unknown)) : '',
    report.endsEarly
      ? t('the file ends early (keys complete: {0})', number(report.keys - report.invalid))
      : '',
    report.cancelled ? t('cancelled: import again and skip to go on') : '',
    report.stopped && !report.cancelled ? t('stopped before the end: import again and skip to go on') : '',
  ];
  return parts.filter(Boolean).join(', ');
}
