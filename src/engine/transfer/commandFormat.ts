import { Buffer } from 'node:buffer';
import type { StreamState, ValuePart } from '../connections/valuePart';
import { EngineError } from '../kernel/errors';
import { commandLine } from './commandLine';
import type { FileFormat } from './fileFormat';
import { longestTextLine } from './textLines';
import type { KeyHead } from './writeLines';

type Args = readonly (string | number | bigint | Buffer)[];

/** What the first line echoes: with it, the last must be there too. */
export const commandsBegin = 'cachify-commands 1';
/** What the last line echoes, before the count of keys. */
export const commandsEnd = 'cachify-commands end';

/** What a line echoes behind a serialised value, before its seal. */
export const commandsSeal = 'cachify-seal';

/** Characters of the commands of one key at most: they are held until all of it was read. */
export const longestCommands = 64 * 1024 * 1024;

/**
 * Commands of Redis, one a line, as `redis-cli < file` takes them. They delete nothing: strings and serialised values
 * replace what is there, elements are added to it. What a key fails at leaves no command of it.
 */
export const commandFormat: FileFormat = {
  header: () => commandLine(['ECHO', commandsBegin]),
  async *key(head, parts) {
    let text = '';
    let isFirst = true;
    for await (const part of joined(parts)) {
      for (const args of commandsOf(head, part, isFirst)) text += shortEnough(commandLine(args));
      isFirst = false;
      if (text.length > longestCommands) throw tooLarge();
    }
    if (head.expireAtMs !== undefined) text += commandLine(['PEXPIREAT', head.key, head.expireAtMs]);
    yield text;
  },
  abandoned: '',
  footer: (keys, failed) => commandLine(['ECHO', `${commandsEnd} ${keys} ${failed}`]),
};

function commandsOf({ key }: KeyHead, part: ValuePart, isFirst: boolean): Args[] {
  switch (part.kind) {
    case 'string':
      return [[isFirst ? 'SET' : 'APPEND', key, part.bytes]];
    case 'json':
      return [['JSON.SET', key, '$', part.bytes]];
    case 'dump':
      return [
        ['RESTORE', key, 0, part.bytes, 'REPLACE'],
        ...(part.seal === undefined ? [] : [['ECHO', `${commandsSeal} ${part.seal}`]]),
      ];
    case 'hash':
      return hashCommands(key, part.entries);
    case 'list':
      return [['RPUSH', key, ...part.elements]];
    case 'set':
      return [['SADD', key, ...part.elements]];
    case 'zset':
      return [['ZADD', key, ...part.members.flatMap(([member, score]) => [score, member])]];
    case 'stream':
      return part.entries.map(({ id, fields }) => ['XADD', key, id, ...fields.flat()]);
    case 'streamState':
      return stateCommands(key, part.state);
    case 'pending':
      return part.entries.map(({ id, consumer, deliveredAtMs, deliveries }) => [
        ...['XCLAIM', key, part.group, consumer, 0, id],
        ...['TIME', deliveredAtMs, 'RETRYCOUNT', deliveries, 'FORCE', 'JUSTID'],
      ]);
    case 'item':
      throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Items of Memcached are no commands of Redis');
  }
}

function hashCommands(key: Buffer, entries: Extract<ValuePart, { kind: 'hash' }>['entries']): Args[] {
  const set = ['HSET', key, ...entries.flatMap(({ field, value }) => [field, value])];
  const expiring = entries.flatMap(({ field, expireAtMs }): Args[] =>
    expireAtMs === undefined ? [] : [['HPEXPIREAT', key, expireAtMs, 'FIELDS', 1, field]],
  );
  return [set, ...expiring];
}

function stateCommands(key: Buffer, { lastId, entriesAdded, maxDeletedId, groups }: StreamState): Args[] {
  const counters =
    entriesAdded === undefined ? [] : ['ENTRIESADDED', entriesAdded, 'MAXDELETEDID', maxDeletedId ?? '0-0'];
  return [
    // a stream without entries exists only through a group: one that goes again
    ['XGROUP', 'CREATE', key, 'cachify-load', '0', 'MKSTREAM'],
    ['XGROUP', 'DESTROY', key, 'cachify-load'],
    ['XSETID', key, lastId, ...counters],
    ...groups.flatMap(({ name, lastId: own, entriesRead, consumers }): Args[] => [
      [
        'XGROUP',
        'CREATE',
        key,
        name,
        own,
        ...(entriesRead === undefined ? [] : ['ENTRIESREAD', entriesRead]),
      ],
      ...consumers.map((consumer) => ['XGROUP', 'CREATECONSUMER', key, name, consumer]),
    ]),
  ];
}

/** JSON and serialised values in one piece: a command takes them whole. */
async function* joined(parts: AsyncIterable<ValuePart>): AsyncIterable<ValuePart> {
  const pieces: Buffer[] = [];
  let kind: 'json' | 'dump' | undefined;
  let seal: string | undefined;
  let size = 0;
  for await (const part of parts) {
    if (part.kind !== 'json' && part.kind !== 'dump') yield part;
    else {
      kind = part.kind;
      if (part.kind === 'dump') seal = part.seal;
      pieces.push(part.bytes);
      size += part.bytes.length;
      if (size > longestTextLine) throw tooLarge();
    }
  }
  const bytes = Buffer.concat(pieces);
  if (kind === 'json') yield { kind, bytes };
  if (kind === 'dump') yield { kind, bytes, ...(seal !== undefined && { seal }) };
}

function shortEnough(line: string): string {
  if (line.length > longestTextLine) throw tooLarge();
  return line;
}

function tooLarge(): EngineError {
  return new EngineError(
    'NOT_SUPPORTED',
    'unsupported',
    'The key is too large for a file of commands: export it as JSON lines instead',
  );
}
