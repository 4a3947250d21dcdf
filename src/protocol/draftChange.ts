import type { ChangeDto, DraftDto, ElementEditsDto } from './valueChange';

/** The change a draft asks for once its text is bytes, and so is the name typed beside it; all in base64. */
export function changeOf(draft: DraftDto, after: string, name: string | undefined): ChangeDto {
  const { target, before = '' } = draft;
  switch (target.kind) {
    case 'string':
      return { kind: 'string', before, after };
    case 'item':
      return { kind: 'item', before, after, cas: target.cas, flags: target.flags };
    case 'json':
      return { kind: 'json', path: target.path, ...seen(draft), after };
    case 'hash':
      return elements({ type: 'hash', edits: hashEdits(draft, target.field, after, name) });
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

function elements(edits: ElementEditsDto): ChangeDto {
  return { kind: 'elements', elements: edits };
}

function seen({ before }: DraftDto): { readonly before?: string } {
  return before === undefined ? {} : { before };
}

type HashEdits = Extract<ElementEditsDto, { type: 'hash' }>['edits'];

function hashEdits(
  draft: DraftDto,
  field: string | undefined,
  after: string,
  name: string | undefined,
): HashEdits {
  if (field === undefined) return [{ field: name ?? '', ...(name === undefined && seen(draft)), after }];
  if (name === undefined || field === name) return [{ field, ...seen(draft), after }];
  return [
    { field, ...seen(draft) },
    { field: name, after, ttlOf: field },
  ];
}

type ListEdit = Extract<ElementEditsDto, { type: 'list' }>['edits'][number];

function listEdit(draft: DraftDto, index: number | undefined, after: string): ListEdit {
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
