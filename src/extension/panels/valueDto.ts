import type { Cell, ValuePage } from '../../engine/connections/valuePage';
import { labelOfBytes } from '../../engine/keys/keyLabel';
import type { PageDto } from '../../protocol/value';

type CellDto = { readonly bytes: string; readonly size: number };

/** A page of a value with its bytes as base64. */
export function pageDto(page: ValuePage): PageDto {
  switch (page.kind) {
    case 'bytes':
      return { ...page, bytes: page.bytes.toString('base64') };
    case 'hash':
      return {
        ...page,
        rows: page.rows.map((row) => ({ ...row, field: cellDto(row.field), value: cellDto(row.value) })),
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
        groups: page.groups.map((group) => ({ ...group, name: labelOfBytes(group.name) })),
        rows: page.rows.map(entryDto),
      };
    case 'json':
      return { ...page, text: page.text.toString('base64') };
    case 'other':
      return page;
  }
}

function entryDto({ id, fields }: Extract<ValuePage, { kind: 'stream' }>['rows'][number]) {
  return { id, fields: fields.map(({ name, value }) => ({ name: cellDto(name), value: cellDto(value) })) };
}

function cellDto({ bytes, size }: Cell): CellDto {
  return { bytes: bytes.toString('base64'), size };
}
