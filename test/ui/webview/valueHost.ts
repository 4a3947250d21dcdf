import type { Handlers } from '../../../src/extension/panels/rpcHost';
import type {
  DecodedDto,
  FoundDto,
  OutcomeDto,
  valueMethods,
  ValueSnapshot,
} from '../../../src/protocol/value';
import type { ChangeDto, DraftDto, ElementEditsDto } from '../../../src/protocol/valueChange';
import type { GroupPageDto, PageDto } from '../../../src/protocol/valuePage';

type Facts = NonNullable<ValueSnapshot['facts']>;
/** The moment of every recorded value: screenshots do not change from run to run. */
const now = Date.UTC(2026, 0, 15, 14, 2, 11);

/** Base64 of text or bytes. */
export function b64(data: string | readonly number[]): string {
  return Buffer.from(typeof data === 'string' ? Buffer.from(data, 'utf8') : Uint8Array.from(data)).toString(
    'base64',
  );
}

/** A cell in full. */
export function cell(data: string | readonly number[]): { bytes: string; size: number } {
  const bytes = b64(data);
  return { bytes, size: Buffer.from(bytes, 'base64').length };
}

/** A snapshot of a page, everything else as of a healthy production connection. */
export function snapshotOf(
  page: PageDto | undefined,
  facts: Partial<Facts> = {},
  rest: Partial<ValueSnapshot> = {},
): ValueSnapshot {
  return {
    header: {
      keyLabel: 'user:42:profile',
      connectionName: 'orders-cache',
      environment: 'prod',
      engine: 'redis',
      place: 'db 0',
      state: 'connected',
    },
    epoch: 1,
    ...(page ? { facts: { ...factsOf(page), ...facts }, page } : {}),
    loadedAtMs: now,
    tookMs: 0.42,
    ...rest,
  };
}

function factsOf(page: PageDto): Facts {
  const type = page.kind === 'bytes' ? 'string' : page.kind;
  const length = page.kind === 'other' ? {} : { length: page.total };
  return { type, typeName: page.kind === 'other' ? page.typeName : type, ...length, encoding: 'listpack' };
}

/** A whole string value. */
export function stringPage(data: string | readonly number[]): Extract<PageDto, { kind: 'bytes' }> {
  const { bytes, size } = cell(data);
  return { kind: 'bytes', offset: 0, total: size, bytes };
}

/** A hash of these fields. */
export function hashPage(
  fields: Readonly<Record<string, string>>,
  cursor?: string,
): Extract<PageDto, { kind: 'hash' }> {
  const rows = Object.entries(fields).map(([field, value]) => ({ field: cell(field), value: cell(value) }));
  return { kind: 'hash', total: rows.length, rows, ...(cursor === undefined ? {} : { cursor }) };
}

type ValueHandlers = Handlers<typeof valueMethods>;

/** A host that holds one snapshot and applies every save of bytes and hash fields to it. */
export class ValueHost {
  held: DraftDto[] = [];
  /** Whether it fails when it is asked for the edits it holds. */
  refusesDrafts = false;
  /** Answers of the next writes, first in first out; when empty a write is applied. */
  readonly outcomes: (OutcomeDto | Promise<OutcomeDto>)[] = [];
  readonly pages: PageDto[] = [];
  readonly groups: GroupPageDto[] = [];
  readonly found: FoundDto[] = [];
  /** Shows bytes as text, unless a test has views of its own. */
  decode: (bytes: Buffer, view: string | undefined) => DecodedDto = decodedText;
  encode: (text: string, view: string) => EncodedDto = (text) => ({ bytes: b64(text) });
  whole: string | undefined;

  constructor(public snapshot: ValueSnapshot) {}

  readonly handlers: ValueHandlers = {
    'value/load': () => this.snapshot,
    'value/page': () => this.pages.shift() ?? Promise.reject(new Error('No more pages')),
    'value/element': () => ({ bytes: this.whole }),
    'value/group': () => this.groups.shift() ?? { consumers: [], pending: [] },
    'value/search': () => this.found.shift() ?? { offsets: [], examined: 0 },
    'value/decode': ({ bytes, view }) => this.decode(Buffer.from(bytes, 'base64'), view),
    'value/encode': ({ text, view }) => this.encode(text, view),
    'value/preferView': () => ({}),
    'value/save': async ({ change }) => (await this.outcomes.shift()) ?? this.apply(change),
    'value/setTtl': async ({ seconds }) =>
      (await this.outcomes.shift()) ?? this.settle({ expireAtMs: Date.now() + seconds * 1000 }),
    'value/removeTtl': async () => (await this.outcomes.shift()) ?? this.settle({ expireAtMs: undefined }),
    'value/undo': async () => (await this.outcomes.shift()) ?? this.settle({}),
    'value/delete': async () => (await this.outcomes.shift()) ?? this.vanish(),
    'value/copy': () => ({}),
    'value/copyText': () => ({}),
    'value/saveAs': () => ({}),
    'value/loadFile': () => ({}),
    'value/openDocument': () => ({}),
    'value/copyName': () => ({}),
    'value/holdDrafts': ({ drafts }) => {
      this.held = drafts;
      return {};
    },
    'value/heldDrafts': () => {
      if (this.refusesDrafts) throw new Error('Not now');
      return { drafts: this.held, revision: 0 };
    },
  };

  private apply(change: ChangeDto): OutcomeDto {
    const { page } = this.snapshot;
    if (page?.kind === 'bytes' && (change.kind === 'string' || change.kind === 'item'))
      this.replace({ ...page, bytes: change.after, total: sizeOf(change.after) });
    if (page?.kind === 'hash' && change.kind === 'elements' && change.elements.type === 'hash')
      this.replace({ ...page, rows: rowsAfter(page.rows, change.elements.edits) });
    return { status: 'applied', snapshot: this.snapshot };
  }

  private replace(page: PageDto): void {
    this.snapshot = { ...this.snapshot, epoch: this.snapshot.epoch + 1, page };
  }

  private settle(facts: Partial<Facts>): OutcomeDto {
    if (this.snapshot.facts)
      this.snapshot = { ...this.snapshot, facts: { ...this.snapshot.facts, ...facts } };
    return { status: 'applied', snapshot: this.snapshot };
  }

  private vanish(): OutcomeDto {
    this.snapshot = { ...this.snapshot, epoch: this.snapshot.epoch + 1, facts: undefined, page: undefined };
    return { status: 'applied', snapshot: this.snapshot };
  }
}

type EncodedDto = { bytes: string } | { problem: string; at?: number };
type HashRows = Extract<PageDto, { kind: 'hash' }>['rows'];
type HashEdits = Extract<ElementEditsDto, { type: 'hash' }>['edits'];

function rowsAfter(rows: HashRows, edits: HashEdits): HashRows {
  const edited = new Set(edits.map(({ field }) => field));
  const saved = edits.flatMap(({ field, after }) =>
    after === undefined
      ? []
      : [{ field: { bytes: field, size: sizeOf(field) }, value: { bytes: after, size: sizeOf(after) } }],
  );
  return [...saved, ...rows.filter(({ field }) => !edited.has(field.bytes))];
}

function sizeOf(base64: string): number {
  return Buffer.from(base64, 'base64').length;
}

/** Bytes as the host shows text, JSON laid out. */
export function decodedText(
  bytes: Buffer,
  view = bytes.toString().startsWith('{') ? 'json' : 'text',
): DecodedDto {
  const views = [
    { id: 'json', title: 'JSON' },
    { id: 'text', title: 'Text' },
    { id: 'hexdump', title: 'Hex dump' },
  ];
  const json = view === 'json';
  return {
    views: bytes.toString().startsWith('{') ? views : views.slice(1),
    view: views.find(({ id }) => id === view) ?? { id: view, title: view },
    text: json ? JSON.stringify(JSON.parse(bytes.toString()), undefined, 2) : bytes.toString(),
    language: json ? 'json' : 'plaintext',
    editable: true,
    notes: [],
  };
}
