import { isNew } from '../../../src/protocol/draftKey';
import type { DraftDto, TargetDto } from '../../../src/protocol/valueChange';
import { base64OfBytes, bytesOfBase64 } from '../../app/bytes';
import { escapeBytes, type Parsed, parseEscaped, parsePlain, plainTextOf } from '../../app/escapedText';
import { isCut } from './cellText';
import type { Cell } from './page';
import { scoreProblem } from './types/zset/score';

/** A form that this page turns into bytes itself; every other form is a view of the host. */
export type Form = 'text' | 'escaped';
/** An edit that is not saved yet. */
export type Draft = DraftDto;
/** What an edit is of. */
export type Target = TargetDto;

/** The form in which bytes can be edited and come back the same; `wanted` when it can. */
export function formFor(bytes: Uint8Array, wanted: Form = 'text'): Form {
  return wanted === 'text' && plainTextOf(bytes) !== undefined ? 'text' : 'escaped';
}

/** Whether the page itself reads this form. */
export function isLocal(form: string): form is Form {
  return form === 'text' || form === 'escaped';
}

/** Bytes as the editor shows them. */
export function textIn(form: Form, bytes: Uint8Array): string {
  return form === 'text' ? (plainTextOf(bytes) ?? '') : escapeBytes(bytes, { keepLines: true });
}

/** What the editor's text stands for. */
export function parseIn(form: Form, text: string): Parsed {
  return form === 'text' ? parsePlain(text) : parseEscaped(text);
}

/** Whether the draft would change anything; one that cannot be read back is a change. */
export function isDirty(draft: Draft): boolean {
  if (isNew(draft)) return Boolean(draft.name) || Boolean(draft.score) || draft.text !== '';
  if (draft.target.kind === 'zset' && (draft.score ?? draft.target.score) !== draft.target.score) return true;
  if (isRenamed(draft)) return true;
  if (!isLocal(draft.form)) return draft.text !== draft.shown;
  const parsed = parseIn(draft.form, draft.text);
  return !('bytes' in parsed) || base64OfBytes(parsed.bytes) !== draft.before;
}

/** Whether the whole of an element is neither in its cell nor in an edit under way: one typed back shows the cell. */
export function lacksWhole(cell: Cell, draft: Draft | undefined): boolean {
  return isCut(cell) && !(draft && isDirty(draft));
}

/** The name typed beside a field, as base64, or what is wrong with it. */
export function nameOf({ target, name }: Draft): { readonly name?: string } | { readonly problem: string } {
  if (target.kind !== 'hash' || name === undefined) return {};
  const parsed = parseEscaped(name);
  return 'bytes' in parsed ? { name: base64OfBytes(parsed.bytes) } : { problem: parsed.problem };
}

/** What is wrong with what was typed beside the bytes; its own field says so already. */
export function besideProblem({ target, score }: Draft): string | undefined {
  return target.kind === 'zset' && score !== undefined ? scoreProblem(score) : undefined;
}

/** Whether a hash field was given another name, or one that cannot be read. */
function isRenamed({ target, name }: Draft): boolean {
  if (target.kind !== 'hash' || name === undefined) return false;
  const parsed = parseEscaped(name);
  return !('bytes' in parsed) || base64OfBytes(parsed.bytes) !== target.field;
}

/** What the text of an edit stands for; undefined while it cannot be read, or only the host can. */
export function typedBytes({ form, text }: Draft): Uint8Array | undefined {
  const parsed = isLocal(form) ? parseIn(form, text) : undefined;
  return parsed && 'bytes' in parsed ? parsed.bytes : undefined;
}

/** The same edit in another form of this page; undefined while its text cannot be read. */
export function reform(draft: Draft, form: Form): Draft | undefined {
  const bytes = typedBytes(draft);
  if (!bytes) return undefined;
  const possible = formFor(bytes, form);
  return { ...draft, form: possible, text: textIn(possible, bytes) };
}

/** Bytes for reading, as the conflict view shows them. */
export function readable(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const bytes = bytesOfBase64(base64);
  return textIn(formFor(bytes), bytes);
}
