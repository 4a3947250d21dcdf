import type { Cell, GroupPage, ValuePage } from '../../engine/connections/valuePage';
import { msUntil } from '../../engine/kernel/moment';
import type { GroupPageDto, PageDto } from '../../protocol/valuePage';

type CellDto = { readonly bytes: string; readonly size: number; readonly digest?: string };

/** A page of a value with its bytes as base64; what fields have left is counted from `now`. */
export function pageDto(page: ValuePage, now: number): PageDto {
  switch (page.kind) {
    case 'bytes':
      return { ...page, bytes: page.bytes.toString('base64') };
    case 'hash':
      return {
        ...page,
        rows: page.rows.map(({ field, value, expireAtMs }) => ({
          field: cellDto(field),
          value: cellDto(value),
          ...(expireAtMs !== undefined && { ttlMs: Math.max(0, msUntil(expireAtMs, now)) }),
        })),
      };
    case 'list':
      return { ...page, rows: page.rows.map((row) => ({ ...row, value: cellDto(row.value) })) };
    case 'set':
      return { ...page, rows: page.rows.map((row) => ({ member: cellDto(row.member) })) };
    case 'zset':
      return { ...page, rows: page.rows.map((row) => ({ ...row, member: cellDto(row.member) })) };
    case 'stream':
      return {
        ...page,
        groups: page.groups.map((group) => ({ ...group, name: group.name.toString('base64') })),
        rows: page.rows.map(entryDto),
      };
    case 'json':
      return { ...page, text: page.text.toString('base64') };
    case 'other': {
      const { facts, ...rest } = page;
      return { ...rest, ...(facts && { facts: [...facts] }) };
    }
  }
}

/** Consumers and pending entries of a group, with their names as base64. */
export function groupDto({ consumers, pending, cursor }: GroupPage): GroupPageDto {
  return {
    consumers: consumers.map((each) => ({ ...each, name: each.name.toString('base64') })),
    pending: pending.map((each) => ({ ...each, consumer: each.consumer.toString('base64') })),
    ...(cursor !== undefined && { cursor }),
  };
}

function entryDto({ id, fields }: Extract<ValuePage, { kind: 'stream' }>['rows'][number]) {
  return { id, fields: fields.map(({ name, value }) => ({ name: cellDto(name), value: cellDto(value) })) };
}

function cellDto({ bytes, size, digest }: Cell): CellDto {
  return { bytes: bytes.toString('base64'), size, ...(digest !== undefined && { digest }) };
}
