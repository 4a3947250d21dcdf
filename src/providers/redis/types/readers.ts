import type { ValueType } from '../../../engine/connections/valuePage';
import { hashReader } from './hash';
import { jsonReader } from './json';
import { listReader } from './list';
import { otherReader } from './other';
import { setReader } from './set';
import { streamReader } from './stream';
import { stringReader } from './string';
import type { TypeReader } from './typeReader';
import { zsetReader } from './zset';

/** Type names as TYPE answers them to their readers. */
const byTypeName = new Map<string, TypeReader>([
  ['string', stringReader],
  ['hash', hashReader],
  ['list', listReader],
  ['set', setReader],
  ['zset', zsetReader],
  ['stream', streamReader],
  ['ReJSON-RL', jsonReader],
]);

/** The reader of a type as TYPE names it; module types unknown to us get one that only describes. */
export function readerOfTypeName(typeName: string): TypeReader {
  return byTypeName.get(typeName) ?? otherReader;
}

/** The reader of one of our value types. */
export function readerOf(type: ValueType): TypeReader {
  return [...byTypeName.values()].find((reader) => reader.type === type) ?? otherReader;
}
