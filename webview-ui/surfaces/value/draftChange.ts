import type { ChangeDto, ElementEditsDto } from '../../../src/protocol/valueChange';
import { base64OfBytes } from '../../app/bytes';
import { parseEscaped } from '../../app/escapedText';
import type { Draft } from './draft';

/** A change, or what in the draft stands in the way. */
export type Wanted = { readonly change: ChangeDto } | { readonly problem: string };

/** The change a draft asks for once its text is bytes; both in base64. */
export function changeOf(draft: Draft, after: string): Wanted {
  const { target, before = '' } = draft;
  switch (target.kind) {
    case 'string':
      return { change: { kind: 'string', before, after } };
    case 'item':
      return { change: { kind: 'item', before, after, cas: target.cas, flags: target.flags } };
    case 'json':
      return { change: { kind: 'json', path: target.path, ...seen(draft), after } };
    case 'hash':
      return hashChange(draft, target.field, after);
    case 'list':
      return elements({ type: 'list', edits: [listEdit(draft, target.index, after)] });
    case 'set':
      return elements({ type: 'set', edits: setEdits(target.member, after) });
    case 'zset':
      return elements({
        type: 'zset',
        edits: zsetEdits(target.member, after, target.score, draft.score ?? target.score),
      });
  }
}

function elements(edits: ElementEditsDto): Wanted {
  return { change: { kind: 'elements', elements: edits } };
}

function seen({ before }: Draft): { readonly before?: string } {
  return before === undefined ? {} : { before };
}

function hashChange(draft: Draft, field: string | undefined, after: string): Wanted {
  if (draft.name === undefined)
    return elements({ type: 'hash', edits: [{ field: field ?? '', ...seen(draft), after }] });
  const name = parseEscaped(draft.name);
  if (!('bytes' in name)) return { problem: name.problem };
  const named = base64OfBytes(name.bytes);
  if (field === undefined) return elements({ type: 'hash', edits: [{ field: named, after }] });
  if (field === named) return elements({ type: 'hash', edits: [{ field, ...seen(draft), after }] });
  return elements({
    type: 'hash',
    edits: [
      { field, ...seen(draft) },
      { field: named, after, ttlOf: field },
    ],
  });
}

type ListEdit = Extract<ElementEditsDto, { type: 'list' }>['edits'][number];

function listEdit(draft: Draft, index: number | undefined, after: string): ListEdit {
  if (index !== undefined) return { index, ...seen(draft), after };
  if (draft.place === 'before' && draft.anchor)
    return { index: draft.anchor.index, pivot: draft.anchor.bytes, after };
  return { index: draft.place === 'head' ? 0 : -1, after };
}

function setEdits(
  member: string | undefined,
  after: string,
): Extract<ElementEditsDto, { type: 'set' }>['edits'] {
  const added = { member: after, before: false, after: true };
  return member === undefined ? [added] : [{ member, before: true, after: false }, added];
}

function zsetEdits(
  member: string | undefined,
  after: string,
  before: string,
  score: string,
): Extract<ElementEditsDto, { type: 'zset' }>['edits'] {
  if (member === undefined) return [{ member: after, after: score }];
  if (member === after) return [{ member, before, after: score }];
  return [
    { member, before },
    { member: after, after: score },
  ];
}
