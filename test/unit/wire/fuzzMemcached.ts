import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { EngineError } from '../../../src/engine/kernel/errors';
import { dumpParser } from '../../../src/providers/memcached/dumpParser';
import {
  type MetaReply,
  metaParser,
  statsParser,
  valueParser,
  wordParser,
} from '../../../src/providers/memcached/replies';
import { type Parser, ReplyReader } from '../../../src/providers/memcached/replyReader';
import { seededRandom } from '../../helpers/random';
import {
  type Read,
  referenceMeta,
  referenceStats,
  referenceValue,
  referenceWord,
} from './memcachedReference';
import { chunked, mutated } from './mutations';
import { recordedReplies } from './recorded';

/** A way to ask, how the product reads the reply, and how an independent reader does; both as text. */
interface Kind {
  readonly asked: RegExp;
  readonly parser: Parser<string>;
  readonly reference: (bytes: Buffer, at: number) => Read;
}

function as<T>(parser: Parser<T>, text: (value: T) => string): Parser<string> {
  return function* () {
    return text(yield* parser());
  };
}

const words = /^(VERSION .|ME .|EN$|NF$|STORED$|TOUCHED$|NOT_FOUND$)/;
type Value = { flags: number; cas: string; data: Buffer } | undefined;
const valueText = (value: Value): string =>
  value === undefined ? 'none' : `${value.flags} ${value.cas} ${value.data.toString('latin1')}`;
const metaText = ({ code, data }: MetaReply): string => `${code} ${data?.toString('latin1') ?? ''}`;

const kinds: readonly Kind[] = [
  { asked: /^m[gsd] /, parser: as(metaParser, metaText), reference: referenceMeta },
  ...['text', 'binary', 'none'].map((name) => ({
    asked: new RegExp(`^gets ${name}`),
    parser: as(valueParser(Buffer.from(name)), valueText),
    reference: referenceValue(name),
  })),
  {
    asked: /^stats/,
    parser: as(statsParser, (stats) => String(stats.size)),
    reference: (bytes, at) => sizeOf(referenceStats(bytes, at)),
  },
  { asked: /^(version|me|set|touch|nosuch)/, parser: wordParser(words), reference: referenceWord(words) },
];

/** How many names there are in statistics. */
function sizeOf(read: Read): Read {
  if (typeof read === 'string' || read.text === 'error') return read;
  const names = read.text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[1] ?? '');
  return { ...read, text: String(new Set(names).size) };
}

const recorded = recordedReplies('memcached').map(({ asked, reply }) => ({
  asked,
  bytes: Buffer.from(reply, 'latin1'),
}));
const replies = recorded.flatMap(({ asked, bytes }) => {
  const kind = kinds.find((one) => one.asked.test(asked));
  return kind ? [{ kind, bytes }] : [];
});
const dumps = recorded.filter(({ asked }) => asked.startsWith('lru_crawler')).map(({ bytes }) => bytes);

/** Real replies with a change, to as many commands: what arrives is what an independent reader reads, or the link ends. */
export async function fuzzMemcached(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const asked = Array.from({ length: 1 + random.below(5) }, () => random.pick(replies));
  const bytes = mutated(Buffer.concat(asked.map((one) => one.bytes)), random);
  await arrivesAsRead(
    bytes,
    chunked(bytes, random),
    asked.map(({ kind }) => kind),
  );
}

/** Every recorded reply, cut behind each of its bytes, and cut in two there. */
export async function fuzzMemcachedCuts(): Promise<void> {
  for (const { kind, bytes } of replies) {
    for (let at = 1; at < bytes.length; at += bytes.length > 300 ? 17 : 1) {
      await arrivesAsRead(bytes.subarray(0, at), [bytes.subarray(0, at)], [kind]);
      await arrivesAsRead(bytes, [bytes.subarray(0, at), bytes.subarray(at)], [kind]);
    }
  }
}

async function arrivesAsRead(
  bytes: Buffer,
  chunks: readonly Buffer[],
  asked: readonly Kind[],
): Promise<void> {
  const reader = new ReplyReader();
  const arrived = new Map<number, string>();
  asked.forEach(({ parser }, i) => {
    reader.expect(parser).then(
      (text) => arrived.set(i, text),
      () => arrived.set(i, 'error'),
    );
  });
  let violation: unknown;
  try {
    for (const chunk of chunks) reader.take(chunk);
  } catch (thrown) {
    violation = thrown;
    assert.ok(thrown instanceof EngineError && thrown.reason !== 'bug', String(thrown));
  }
  await turn();
  const read: string[] = [];
  let ending: 'whole' | 'cut' | 'violation' = 'whole';
  for (let at = 0; at < bytes.length && ending === 'whole';) {
    const next = asked[read.length]?.reference(bytes, at) ?? 'violation';
    if (typeof next === 'string') ending = next;
    else {
      read.push(next.text);
      at = next.end;
    }
  }
  assert.equal(violation !== undefined, ending === 'violation', String(violation));
  assert.deepEqual([...arrived.entries()].sort(), [...read.entries()].sort());
}

/** A dump with a change: names arrive as they do from the whole lines at once, or it ends in an error. */
export function fuzzDump(seed: number): void {
  const random = seededRandom(seed);
  const bytes = mutated(random.pick(dumps), random);
  assert.equal(dumped(chunked(bytes, random)), dumped([bytes]));
  assert.equal(dumped([bytes]), referenceDump(bytes.toString('latin1')));
}

function dumped(chunks: readonly Buffer[]): string {
  const parse = dumpParser(0);
  const names: string[] = [];
  try {
    for (const chunk of chunks) {
      const { keys, ended } = parse(chunk);
      names.push(...keys.names());
      if (ended) return `${names.join('\n')} end`;
    }
    return `${names.join('\n')} cut`;
  } catch (thrown) {
    assert.ok(thrown instanceof EngineError && thrown.reason !== 'bug', String(thrown));
    return 'error';
  }
}

function referenceDump(text: string): string {
  const names: string[] = [];
  const lines = text.split('\n');
  for (const [i, line] of lines.slice(0, -1).entries()) {
    const key = /^key=((?:[!-$&-\xff]|%[\da-fA-F]{2})+) exp=(?:-?\d+)(?:[\0- ].*)?$/s.exec(line)?.[1];
    const name = key?.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (name !== undefined && name.length <= 250) names.push(name);
    else if (/^END?\s*$/.test(line)) return `${names.join('\n')} end`;
    else if (i > 0 || !/^OK\s*$/.test(line)) return 'error';
  }
  return `${names.join('\n')} cut`;
}
