import type { Change, StreamAct } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import type { ElementEdits } from '../../engine/connections/elementEdits';
import type { ChangeDto, ElementEditsDto, StreamActDto } from '../../protocol/valueChange';

/** The change that a panel asks for, of its key. `now` is what a time to live counts from, milliseconds. */
export function changeOfDto(key: Buffer, dto: ChangeDto, now: number): Change {
  switch (dto.kind) {
    case 'string':
      return {
        kind: 'string.set',
        key,
        before: bytes(dto.before),
        after: bytes(dto.after),
        ttl: { mode: 'keep' },
      };
    case 'item': {
      const { cas, flags } = dto;
      const sides = { before: bytes(dto.before), after: bytes(dto.after) };
      return { kind: 'item.set', key, ...sides, cas, flags, ttl: { mode: 'keep' } };
    }
    case 'elements':
      return { kind: 'elements', key, edits: editsOf(dto.elements, now) };
    case 'json':
      return { kind: 'json.set', key, path: dto.path, ...sidesOf(dto) };
    case 'stream':
      return { kind: 'stream', key, act: actOf(dto.act) };
  }
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

interface SidesDto {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

function sidesOf({ before, after }: SidesDto): { readonly before?: Buffer; readonly after?: Buffer } {
  return {
    ...(before !== undefined && { before: bytes(before) }),
    ...(after !== undefined && { after: bytes(after) }),
  };
}

function editsOf(dto: ElementEditsDto, now: number): ElementEdits {
  switch (dto.type) {
    case 'hash':
      return {
        type: 'hash',
        edits: dto.edits.map(({ field, ttlSeconds, ttlOf: heirOf, ...sides }) => ({
          field: bytes(field),
          ...(heirOf !== undefined && { ttlOf: bytes(heirOf) }),
          ...sidesOf(sides),
          ...(ttlSeconds !== undefined && { ttl: ttlOf(ttlSeconds, now) }),
        })),
      };
    case 'list':
      return {
        type: 'list',
        edits: dto.edits.map(({ index, pivot, ...sides }) => ({
          index,
          ...sidesOf(sides),
          ...(pivot !== undefined && { pivot: pivot === null ? null : bytes(pivot) }),
        })),
      };
    case 'set':
      return { type: 'set', edits: dto.edits.map((edit) => ({ ...edit, member: bytes(edit.member) })) };
    case 'zset':
      return {
        type: 'zset',
        edits: dto.edits.map(({ member, before, after }) => ({
          member: bytes(member),
          ...(before !== undefined && { before }),
          ...(after !== undefined && { after }),
        })),
      };
  }
}

function ttlOf(seconds: number | null, now: number): TtlChange {
  return seconds === null ? { mode: 'remove' } : { mode: 'set', expireAtMs: now + seconds * 1000 };
}

function actOf(dto: StreamActDto): StreamAct {
  switch (dto.act) {
    case 'add':
      return { ...dto, fields: dto.fields.map(([name, value]) => [bytes(name), bytes(value)] as const) };
    case 'delete':
    case 'trim':
      return dto;
    case 'claim':
    case 'deleteConsumer':
      return { ...dto, group: bytes(dto.group), consumer: bytes(dto.consumer) };
    case 'acknowledge':
    case 'createGroup':
    case 'setGroupId':
    case 'deleteGroup':
      return { ...dto, group: bytes(dto.group) };
  }
}
