/** What a client library means by some flags. */
interface Convention {
  readonly client: string;
  /** What the flags say of the value; undefined when they are not of this client, or the bytes say otherwise. */
  readonly meaning: (flags: number, bytes: Buffer) => string | undefined;
}

const conventions: readonly Convention[] = [
  { client: 'PHP memcached', meaning: phpMemcached },
  { client: 'Python (python-memcached, pylibmc, pymemcache)', meaning: python },
  { client: 'Java (spymemcached, xmemcached)', meaning: java },
  { client: '.NET (EnyimMemcached)', meaning: enyim },
];

/** What the client flags of an item may mean, a sentence for each convention that its bytes agree with. */
export function flagNotes(flags: number | undefined, bytes: Buffer): readonly string[] {
  if (flags === undefined || flags === 0) return [];
  const meanings = conventions.flatMap(({ client, meaning }) => {
    const said = meaning(flags, bytes);
    return said === undefined ? [] : [`Flags ${flags}, if written by ${client}: ${said}`];
  });
  return meanings.length > 0 ? meanings : [`Flags ${flags}: of no client that is known here`];
}

const phpTypes = ['text', 'integer', 'float', 'boolean', 'serialised', 'igbinary', 'JSON', 'MessagePack'];
const igbinaryMark = 0x00000002;

/** Four bits of type, then one a kind of compression; the upper half is for applications. */
function phpMemcached(flags: number, bytes: Buffer): string | undefined {
  const type = phpTypes[flags & 15];
  if (type === undefined || flags & 0xff00 || flags & 0x80) return undefined;
  if (!(flags & 0x10)) return flags & 0x60 || !phpAgrees(flags & 15, bytes) ? undefined : type;
  if (flags & 0x20) return isZlib(bytes, 4) ? `${type}, compressed with zlib` : undefined;
  return flags & 0x40 && bytes.length > 4
    ? `${type}, compressed with FastLZ, which cannot be unpacked here`
    : undefined;
}

function phpAgrees(type: number, bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 64);
  if (type === 1) return /^-?\d+$/.test(text);
  if (type === 2) return /^-?[\d.eE+-]+$/.test(text);
  if (type === 3) return /^1?$/.test(text);
  if (type === 4) return /^(?:[aOCEsidb]:|N;)/.test(text);
  return type !== 5 || (bytes.length > 4 && bytes.readUInt32BE() === igbinaryMark);
}

/** One bit a form: pickle, integer, long, zlib; pymemcache adds text. */
function python(flags: number, bytes: Buffer): string | undefined {
  if (flags & ~0x1f) return undefined;
  const forms: string[] = [];
  const isPacked = (flags & 8) !== 0;
  if (isPacked && !isZlib(bytes, 0)) return undefined;
  if (flags & 1) forms.push('pickle');
  if (flags & 6) forms.push('integer');
  if (flags & 16) forms.push('text or boolean');
  if (!isPacked && flags & 1 && bytes.at(-1) !== 0x2e) return undefined;
  if (!isPacked && flags & 6 && !/^-?\d+L?$/.test(bytes.toString('latin1', 0, 64))) return undefined;
  return [...(forms.length > 0 ? forms : ['text']), ...(isPacked ? ['compressed with zlib'] : [])].join(', ');
}

const javaTypes = ['', 'boolean', 'integer', 'long', 'date', 'byte', 'float', 'double', 'bytes'];
const javaSizes = [0, 1, 4, 8, 8, 1, 4, 8, Infinity];

function java(flags: number, bytes: Buffer): string | undefined {
  const special = flags >> 8;
  const type = javaTypes[special];
  if (type === undefined || flags & 0xfc) return undefined;
  if (flags & 2)
    return bytes[0] === 0x1f && bytes[1] === 0x8b
      ? `${type || 'object or text'}, compressed with gzip`
      : undefined;
  if (flags & 1)
    return bytes.length > 4 && bytes.readUInt32BE() === 0xaced0005 ? 'serialised object' : undefined;
  return bytes.length <= (javaSizes[special] ?? 0) ? type : undefined;
}

/** System.TypeCode. */
const typeCodes = new Map([
  [1, { name: 'object', size: Infinity }],
  [3, { name: 'boolean', size: 1 }],
  [7, { name: 'short integer', size: 2 }],
  [9, { name: 'integer', size: 4 }],
  [10, { name: 'unsigned integer', size: 4 }],
  [11, { name: 'long integer', size: 8 }],
  [12, { name: 'unsigned long integer', size: 8 }],
  [13, { name: 'float', size: 4 }],
  [14, { name: 'double', size: 8 }],
  [16, { name: 'date', size: 8 }],
  [18, { name: 'text', size: Infinity }],
]);

function enyim(flags: number, bytes: Buffer): string | undefined {
  if (flags === 0xfa52) return 'bytes';
  const type = flags >> 8 === 1 ? typeCodes.get(flags & 0xff) : undefined;
  return type && bytes.length <= type.size ? type.name : undefined;
}

function isZlib(bytes: Buffer, at: number): boolean {
  const first = bytes[at] ?? 0;
  return (first & 0x8f) === 8 && ((first << 8) | (bytes[at + 1] ?? 0)) % 31 === 0;
}
