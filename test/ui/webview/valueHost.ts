import type { Handlers } from '../../../src/extension/panels/rpcHost';
import type {
  ChangeDto,
  DraftDto,
  OutcomeDto,
  PageDto,
  valueMethods,
  ValueSnapshot,
} from '../../../src/protocol/value';

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

/** A host that holds one snapshot and applies every save to it. */
export class ValueHost {
  held: DraftDto[] = [];
  /** Answers of the next writes, first in first out; when empty a write is applied. */
  readonly outcomes: (OutcomeDto | Promise<OutcomeDto>)[] = [];
  readonly pages: PageDto[] = [];
  whole: string | undefined;

  constructor(public snapshot: ValueSnapshot) {}

  readonly handlers: ValueHandlers = {
    'value/load': () => this.snapshot,
    'value/page': () => this.pages.shift() ?? Promise.reject(new Error('No more pages')),
    'value/element': () => ({ bytes: this.whole }),
    'value/save': async ({ change }) => (await this.outcomes.shift()) ?? this.apply(change),
    'value/setTtl': async ({ seconds }) =>
      (await this.outcomes.shift()) ?? this.settle({ expireAtMs: Date.now() + seconds * 1000 }),
    'value/removeTtl': async () => (await this.outcomes.shift()) ?? this.settle({ expireAtMs: undefined }),
    'value/delete': async () => (await this.outcomes.shift()) ?? this.vanish(),
    'value/copyName': () => ({}),
    'value/holdDrafts': ({ drafts }) => {
      this.held = drafts;
      return {};
    },
    'value/heldDrafts': () => ({ drafts: this.held }),
  };

  private apply(change: ChangeDto): OutcomeDto {
    const { page } = this.snapshot;
    const size = Buffer.from(change.after, 'base64').length;
    if (page?.kind === 'bytes') this.replace({ ...page, bytes: change.after, total: size });
    if (page?.kind === 'hash' && change.kind === 'hash') {
      const value = { bytes: change.after, size };
      const rows = page.rows.filter((row) => row.field.bytes !== change.field);
      this.replace({ ...page, rows: [{ field: { bytes: change.field, size: 1 }, value }, ...rows] });
    }
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
