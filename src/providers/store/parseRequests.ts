import type { StoreRequest, StoreWrites, UpkeepAct } from './storeMessages';
import type { SqlValue } from './statement';

const upkeepNames: readonly UpkeepAct[] = ['tableBytes', 'shrink', 'backUp', 'verify'];

/**
 * Parses what a client of the same protocol sent; throws a TypeError when it is something else. By hand, because
 * every write of the product passes here.
 */
export function parseRequests(message: unknown): readonly StoreRequest[] {
  if (!Array.isArray(message)) throw new TypeError('A message is no list of requests');
  return message.map(parseRequest);
}

function parseRequest(message: unknown): StoreRequest {
  const fields = fieldsOf(message);
  const kind = fields.get('kind');
  if (kind === 'writes') return parseWrites(fields);
  const number = numberOf(fields.get('number'));
  if (kind === 'status') return { number, kind };
  if (kind === 'upkeep') return { number, kind, act: upkeepActOf(fields.get('act')) };
  if (kind !== 'read') throw new TypeError('A request is of an unknown kind');
  const [name, params] = [fields.get('name'), fields.get('params')];
  if (typeof name !== 'string' || !Array.isArray(params)) throw new TypeError('A query is incomplete');
  return { number, kind, name, params: params.map(sqlValueOf) };
}

function parseWrites(fields: ReadonlyMap<string, unknown>): StoreWrites {
  const [numbers, record] = [fields.get('numbers'), fields.get('record')];
  if (!Array.isArray(numbers) || !(record instanceof Uint8Array))
    throw new TypeError('A record is incomplete');
  return {
    kind: 'writes',
    numbers: numbers.map(numberOf),
    record,
    ...(fields.get('frees') === true && { frees: true }),
  };
}

function fieldsOf(message: unknown): ReadonlyMap<string, unknown> {
  if (typeof message !== 'object' || message === null) throw new TypeError('A request is no object');
  return new Map<string, unknown>(Object.entries(message));
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new TypeError('A request has no number');
  return value;
}

function upkeepActOf(value: unknown): UpkeepAct {
  const act = upkeepNames.find((name) => name === value);
  if (act === undefined) throw new TypeError('An upkeep is of an unknown kind');
  return act;
}

function sqlValueOf(value: unknown): SqlValue {
  const isPlain = value === null || typeof value === 'number' || typeof value === 'string';
  if (isPlain || value instanceof Uint8Array) return value;
  throw new TypeError('A parameter is of an unknown type');
}
