import type { CallOptions } from '../../engine/connections/cacheProvider';
import { invalid } from '../../engine/kernel/errors';
import { labelOfBytes } from '../../engine/keys/keyLabel';
import type { RedisLink, Reply } from './redisLink';
import { asBuffer, asList, asNumber, asText } from './replies';

/** Entries of the slow log that are asked for: as many as a server keeps by default. */
const slowEntries = 128;

/** What a Redis server tells of itself: `INFO`, or `SLOWLOG` with the newest entry first. */
export async function serverReport(link: RedisLink, name: string, call: CallOptions): Promise<string> {
  if (name === 'INFO') return asText(await link.send(['INFO'], call)).replaceAll('\r\n', '\n');
  if (name !== 'SLOWLOG') throw invalid('This server gives no such report');
  const entries = asList(await link.send(['SLOWLOG', 'GET', slowEntries], call));
  return entries.length === 0 ? 'The slow log is empty.\n' : `${entries.map(entryText).join('\n\n')}\n`;
}

/** Number, time, duration and who asked, then the command with bytes that are no text escaped. */
function entryText(entry: Reply): string {
  const [id, seconds, micros, args, address, client] = asList(entry);
  const time = new Date(asNumber(seconds) * 1000).toISOString();
  const from = [address, client]
    .filter((part) => part !== undefined)
    .map((part) => labelOfBytes(asBuffer(part)));
  const command = asList(args).map((arg) => labelOfBytes(asBuffer(arg)));
  const head = [`#${asNumber(id)}`, time, `${asNumber(micros)} µs`, ...from.filter((part) => part !== '')];
  return `${head.join('  ')}\n  ${command.join(' ')}`;
}
