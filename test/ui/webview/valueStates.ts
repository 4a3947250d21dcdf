import { b64, cell, hashPage, snapshotOf, stringPage } from './valueHost';
import type { ValueSnapshot } from '../../../src/protocol/value';

const address =
  '{"city":"Berlin","zip":"10117","lines":["Unter den Linden 77","2nd floor"],"verified":true,"since":1699999999123456789}';
const inTwoHours = (): number => Date.now() + 2 * 3_600_000 + 13 * 60_000;

const profile: Record<string, string> = {
  address,
  created_at: '2024-11-02T09:14:55Z',
  email: 'ada@example.org',
  'feature.flags': 'beta,dark-mode',
  last_seen: '1763640131',
  name: 'Ada Lovelace',
  note: 'line one\nline two\n',
  שלום: 'right to left',
};

/** One snapshot for each kind of value, as a person would meet it. */
export const valueStates: Readonly<Record<string, () => ValueSnapshot>> = {
  hash: () => {
    const page = hashPage(profile, '17');
    return snapshotOf(
      { ...page, total: 1204 },
      { expireAtMs: inTwoHours(), memoryBytes: 62_464, encoding: 'hashtable' },
    );
  },
  string: () => snapshotOf(stringPage('Hello,\n\tworld.\nThe quick brown fox.\n'), { encoding: 'raw' }),
  binary: () =>
    snapshotOf(stringPage([0, 1, 2, 0xff, 0xfe, 65, 66, 13, 10, 0xc3, 0xa4, 92]), { encoding: 'raw' }),
  item: () => ({
    ...snapshotOf(stringPage('{"page":"<img src=x onerror=alert(1)>"}'), {
      type: 'item',
      typeName: 'item',
      flags: 32,
      cas: '18446744073709551615',
      encoding: undefined,
      idleSeconds: 95,
    }),
    header: {
      keyLabel: 'page:/index.html',
      connectionName: 'assets',
      environment: 'staging',
      engine: 'memcached',
      place: 'items',
      state: 'degraded',
    },
  }),
  large: () => {
    const head = 'x'.repeat(64 * 1024);
    return snapshotOf({ kind: 'bytes', offset: 0, total: 5_242_880, bytes: b64(head), cursor: '65536' });
  },
  list: () =>
    snapshotOf({
      kind: 'list',
      total: 3200,
      cursor: '60',
      rows: Array.from({ length: 60 }, (_, index) => ({
        index,
        value: cell(`job ${index}: resize image ${index * 37}.png`),
      })),
    }),
  set: () =>
    snapshotOf({
      kind: 'set',
      total: 3,
      rows: ['red', 'green', 'blue'].map((name) => ({ member: cell(name) })),
    }),
  zset: () =>
    snapshotOf({
      kind: 'zset',
      total: 3,
      rows: [
        { member: cell('ada'), score: '-inf' },
        { member: cell('grace'), score: '1763640131.123456789' },
        { member: cell('linus'), score: '42' },
      ],
    }),
  stream: () =>
    snapshotOf({
      kind: 'stream',
      total: 2,
      groups: [
        { name: b64('billing'), consumers: 3, pending: 1204, lastDeliveredId: '1763640131000-0' },
        { name: b64('mail'), consumers: 1, pending: 0, lastDeliveredId: '1763640131000-1' },
      ],
      rows: [
        {
          id: '1763640131000-0',
          fields: [
            { name: cell('type'), value: cell('order.created') },
            { name: cell('id'), value: cell('42') },
          ],
        },
        { id: '1763640131000-1', fields: [{ name: cell('type'), value: cell('order.paid') }] },
      ],
    }),
  json: () =>
    snapshotOf(
      { kind: 'json', total: address.length, text: b64(address), truncated: false },
      { typeName: 'ReJSON-RL' },
    ),
  other: () =>
    snapshotOf({
      kind: 'other',
      typeName: 'MBbloom--',
      memoryBytes: 2048,
      note: 'Bloom filters can be read by their own commands only.',
    }),
  locked: () => {
    const snapshot = snapshotOf(hashPage(profile), { expireAtMs: inTwoHours() });
    return {
      ...snapshot,
      header: {
        ...snapshot.header,
        locked: 'orders-cache is read-only. Turn that off in the connection to change keys.',
      },
    };
  },
  gone: () => snapshotOf(undefined),
};
