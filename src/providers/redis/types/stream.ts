import type { CallOptions } from '../../../engine/connections/cacheProvider';
import type { ReadRequest, StreamGroup, ValuePage } from '../../../engine/connections/valuePage';
import { EngineError, toEngineError } from '../../../engine/kernel/errors';
import { asBuffer, asList, asNumber, asOptionalBuffer, asText, cell, pairs, unwrap } from '../replies';
import type { RedisLink, Reply } from '../redisLink';
import { idAbove, idBelow } from './streamIds';
import type { TypeReader } from './typeReader';

/** By how much the page is smaller that is asked for when a reply was too large. */
const fewerRows = 8;

/** Streams, oldest entry first unless asked, with a summary of their consumer groups. */
export const streamReader: TypeReader = {
  type: 'stream',
  lengthCommand: 'XLEN',
  async readPage(link, key, request, call) {
    try {
      return await entriesPage(link, key, request, call);
    } catch (thrown) {
      // how many fields entries have is known only once they are there; fewer of them may do
      if (toEngineError(thrown).reason !== 'too-large' || request.limit === 1) throw thrown;
      const limit = Math.ceil(request.limit / fewerRows);
      return streamReader.readPage(link, key, { ...request, limit }, call);
    }
  },
  async readElement(link, key, element, call) {
    if (element.kind !== 'stream') return undefined;
    const [entry] = asList(await link.send(['XRANGE', key, element.id, element.id], call));
    const [, flat] = entry === undefined ? [] : asList(entry);
    const [, value] = flat === undefined ? [] : (pairs(asList(flat))[element.at] ?? []);
    return asOptionalBuffer(value);
  },
};

async function entriesPage(
  link: RedisLink,
  key: Buffer,
  request: ReadRequest,
  call: CallOptions,
): Promise<ValuePage> {
  const range = request.descending
    ? (['XREVRANGE', key, request.cursor ?? '+', '-'] as const)
    : (['XRANGE', key, request.cursor ?? '-', '+'] as const);
  const [length, entries, groups] = await link.pipeline(
    [
      ['XLEN', key],
      [...range, 'COUNT', request.limit],
      ['XINFO', 'GROUPS', key],
    ],
    call,
  );
  const rows = asList(unwrap(entries)).map((entry) => streamEntry(entry, request.cellLimit));
  const last = rows.length === request.limit ? rows.at(-1)?.id : undefined;
  const next = last === undefined ? undefined : request.descending ? idBelow(last) : idAbove(last);
  return {
    kind: 'stream',
    total: asNumber(unwrap(length)),
    rows,
    groups: streamGroups(groups),
    ...(next !== undefined && { cursor: next }),
  };
}

/** Servers before 7 do not tell it; later ones cannot always. */
function lagOf(lag: Reply | undefined): { lag?: number } {
  return lag === undefined || lag === null ? {} : { lag: asNumber(lag) };
}

function streamEntry(entry: Reply, limit: number) {
  const [id, flat] = asList(entry);
  const fields = pairs(asList(flat)).map(([name, value]) => ({
    name: cell(name, limit),
    value: cell(value, limit),
  }));
  return { id: asText(id), fields };
}

/** Groups as far as the user may see them: a refusal costs the summary, not the entries. */
function streamGroups(reply: Reply | EngineError | undefined): StreamGroup[] {
  if (reply instanceof EngineError && reply.reason !== 'too-large') return [];
  return asList(unwrap(reply)).map((group) => {
    const facts = new Map(pairs(asList(group)).map(([name, value]) => [asText(name), value]));
    return {
      name: asBuffer(facts.get('name')),
      consumers: asNumber(facts.get('consumers')),
      pending: asNumber(facts.get('pending')),
      lastDeliveredId: asText(facts.get('last-delivered-id')),
      ...lagOf(facts.get('lag')),
    };
  });
}
