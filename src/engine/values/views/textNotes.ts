/** Units of a Unix time by how many digits a time of our days has in them. */
const units = new Map([
  [10, { name: 'seconds', perMs: 1 / 1000 }],
  [13, { name: 'milliseconds', perMs: 1 }],
  [16, { name: 'microseconds', perMs: 1000 }],
  [19, { name: 'nanoseconds', perMs: 1_000_000 }],
]);

/** What a short text may mean, a sentence each: a time, a UUID. */
export function textNotes(text: string): readonly string[] {
  const notes = [timeNote(text), uuidNote(text)];
  return notes.filter((note) => note !== undefined);
}

function timeNote(text: string): string | undefined {
  const unit = /^\d{10,19}$/.test(text) ? units.get(text.length) : undefined;
  if (!unit) return undefined;
  const date = new Date(Number(text) / unit.perMs);
  return `As a Unix time in ${unit.name}: ${date.toISOString()}`;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Milliseconds from the start of the Gregorian calendar, which UUIDs count from, to that of Unix time. */
const gregorianMs = 12_219_292_800_000n;

function uuidNote(text: string): string | undefined {
  const version = uuidPattern.exec(text)?.[1];
  if (version === undefined) return undefined;
  const time = uuidTime(text.replaceAll('-', ''), version);
  const embedded = time === undefined ? '' : `, made at ${time}`;
  return `UUID of version ${Number.parseInt(version, 16)}${embedded}`;
}

function uuidTime(hex: string, version: string): string | undefined {
  const ticks = uuidTicks(hex, version);
  const ms = ticks === undefined ? undefined : ticks / 10_000n - gregorianMs;
  if (version === '7') return dateText(Number.parseInt(hex.slice(0, 12), 16));
  return ms === undefined ? undefined : dateText(Number(ms));
}

/** Of versions 1 and 6: tenths of microseconds. */
function uuidTicks(hex: string, version: string): bigint | undefined {
  if (version === '1') return BigInt(`0x${hex.slice(13, 16)}${hex.slice(8, 12)}${hex.slice(0, 8)}`);
  if (version === '6') return BigInt(`0x${hex.slice(0, 12)}${hex.slice(13, 16)}`);
  return undefined;
}

function dateText(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
