import { crc32 } from 'node:zlib';
import { ByteReader } from './byteReader';
import { ByteWriter } from './byteWriter';
import type { SqlValue, Statement, Transaction } from './statement';

/** Bytes before the payload of a record: its length and its CRC-32. */
const frameBytes = 8;

const tag = { none: 0, number: 1, text: 2, bytes: 3 };

/**
 * Transactions as one record: length, CRC-32, payload. What a client writes in one turn is one record, which it
 * encodes itself: it crosses to the worker as bytes and goes to the journal as it came. The transactions of a record
 * share their SQL texts, and one fsync, so none of them is acknowledged before all are durable.
 */
export function encodeGroup(transactions: readonly Transaction[]): Buffer {
  const writer = new ByteWriter();
  writer.unsigned(0);
  writer.unsigned(0);
  const numberBySql = writeTexts(writer, transactions);
  writer.unsigned(transactions.length);
  for (const transaction of transactions) writeTransaction(writer, transaction, numberBySql);
  const record = writer.finish();
  const payload = record.subarray(frameBytes);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(crc32(payload), 4);
  return record;
}

/** The transactions of the record at `offset` and where it ends; undefined unless it is there whole and unharmed. */
export function decodeGroup(
  bytes: Buffer,
  offset: number,
): { transactions: Transaction[]; end: number } | undefined {
  const start = offset + frameBytes;
  if (start > bytes.length) return undefined;
  const length = bytes.readUInt32LE(offset);
  // A file system may leave zeros after a crash, and the CRC of nothing is zero: an empty payload is never valid.
  if (length === 0 || start + length > bytes.length) return undefined;
  const payload = bytes.subarray(start, start + length);
  if (crc32(payload) !== bytes.readUInt32LE(offset + 4)) return undefined;
  const transactions = readPayload(payload);
  return transactions && { transactions, end: start + length };
}

function writeTexts(writer: ByteWriter, transactions: readonly Transaction[]): ReadonlyMap<string, number> {
  const numberBySql = new Map<string, number>();
  for (const { statements } of transactions) {
    for (const { sql } of statements) if (!numberBySql.has(sql)) numberBySql.set(sql, numberBySql.size);
  }
  writer.unsigned(numberBySql.size);
  for (const sql of numberBySql.keys()) writer.text(sql);
  return numberBySql;
}

function writeTransaction(
  writer: ByteWriter,
  transaction: Transaction,
  numberBySql: ReadonlyMap<string, number>,
): void {
  writer.text(transaction.id);
  writer.double(transaction.at);
  writer.unsigned(transaction.statements.length);
  for (const { sql, params } of transaction.statements) {
    writer.unsigned(numberBySql.get(sql) ?? 0);
    writer.unsigned(params.length);
    for (const value of params) writeValue(writer, value);
  }
}

function writeValue(writer: ByteWriter, value: SqlValue): void {
  if (value === null) {
    writer.byte(tag.none);
  } else if (typeof value === 'number') {
    writer.byte(tag.number);
    writer.double(value);
  } else if (typeof value === 'string') {
    writer.byte(tag.text);
    writer.text(value);
  } else {
    writer.byte(tag.bytes);
    writer.bytes(value);
  }
}

function readPayload(payload: Uint8Array): Transaction[] | undefined {
  const reader = new ByteReader(payload);
  try {
    const texts = times(reader.unsigned(), () => reader.text());
    const transactions = times(reader.unsigned(), () => readTransaction(reader, texts));
    return reader.atEnd ? transactions : undefined;
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function readTransaction(reader: ByteReader, texts: readonly string[]): Transaction {
  const id = reader.text();
  const at = reader.double();
  const statements = times(reader.unsigned(), (): Statement => {
    const sql = texts[reader.unsigned()];
    if (sql === undefined) throw new RangeError('The record names a text it does not hold');
    return { sql, params: times(reader.unsigned(), () => readValue(reader)) };
  });
  return { id, at, statements };
}

function readValue(reader: ByteReader): SqlValue {
  const kind = reader.byte();
  if (kind === tag.none) return null;
  if (kind === tag.number) return reader.double();
  if (kind === tag.text) return reader.text();
  if (kind === tag.bytes) return reader.bytes();
  throw new RangeError('The record holds a value of an unknown kind');
}

function times<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}
