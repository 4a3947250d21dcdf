import type { ChangeDto, DraftDto } from '../../../src/protocol/value';
import { base64OfBytes, bytesOfBase64 } from '../../app/bytes';
import { escapeBytes, type Parsed, parseEscaped, parsePlain, plainTextOf } from '../../app/escapedText';

/** How bytes are shown for editing. */
export type Form = DraftDto['form'];
/** An edit that is not saved yet. */
export type Draft = DraftDto;

/** The form in which bytes can be edited and come back the same; `wanted` when it can. */
export function formFor(bytes: Uint8Array, wanted: Form = 'text'): Form {
  return wanted === 'text' && plainTextOf(bytes) !== undefined ? 'text' : 'escaped';
}

/** Bytes as the editor shows them. */
export function textIn(form: Form, bytes: Uint8Array): string {
  return form === 'text' ? (plainTextOf(bytes) ?? '') : escapeBytes(bytes, { keepLines: true });
}

/** What the editor's text stands for. */
export function parseIn(form: Form, text: string): Parsed {
  return form === 'text' ? parsePlain(text) : parseEscaped(text);
}

/** Which draft this is: one a whole value, one a field, one for a field that is being added. */
export function draftKey(draft: Pick<Draft, 'kind' | 'field'>): string {
  if (draft.kind !== 'hash') return 'value';
  return draft.field === undefined ? 'new' : `field:${draft.field}`;
}

/** Whether the draft would change anything; one that cannot be read back is a change. */
export function isDirty(draft: Draft): boolean {
  if (draft.kind === 'hash' && draft.field === undefined)
    return Boolean(draft.fieldText) || draft.text !== '';
  const parsed = parseIn(draft.form, draft.text);
  return !('bytes' in parsed) || base64OfBytes(parsed.bytes) !== draft.before;
}

/** The same edit in another form; undefined while its text cannot be read. */
export function reform(draft: Draft, form: Form): Draft | undefined {
  const parsed = parseIn(draft.form, draft.text);
  if (!('bytes' in parsed)) return undefined;
  const possible = formFor(parsed.bytes, form);
  return { ...draft, form: possible, text: textIn(possible, parsed.bytes) };
}

/** The change a draft asks for, or what in its text stands in the way. */
export function changeOf(
  draft: Draft,
): { readonly change: ChangeDto } | { readonly problem: string; readonly at: number } {
  const parsed = parseIn(draft.form, draft.text);
  if (!('bytes' in parsed)) return parsed;
  const after = base64OfBytes(parsed.bytes);
  const { before } = draft;
  if (draft.kind === 'hash') return hashChange(draft, after);
  if (draft.kind === 'string') return { change: { kind: 'string', before: before ?? '', after } };
  return {
    change: { kind: 'item', before: before ?? '', after, cas: draft.cas ?? '', flags: draft.flags ?? 0 },
  };
}

function hashChange(draft: Draft, after: string): ReturnType<typeof changeOf> {
  if (draft.field !== undefined) {
    const before = draft.before === undefined ? {} : { before: draft.before };
    return { change: { kind: 'hash', field: draft.field, ...before, after } };
  }
  const field = parseEscaped(draft.fieldText ?? '');
  if (!('bytes' in field)) return field;
  const before = draft.before === undefined ? {} : { before: draft.before };
  return { change: { kind: 'hash', field: base64OfBytes(field.bytes), ...before, after } };
}

/** What a draft began from, as the conflict view shows it. */
export function readable(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const bytes = bytesOfBase64(base64);
  return textIn(formFor(bytes), bytes);
}
