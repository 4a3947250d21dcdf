import * as vscode from 'vscode';
import { invalid } from '../../engine/kernel/errors';
import { bytesOfLabel } from '../../engine/keys/keyLabel';
import { changeOf } from '../../protocol/draftChange';
import type { Saved } from '../../protocol/draftSaved';
import { placeIn } from '../../protocol/textPlace';
import type { ChangeDto, DraftDto } from '../../protocol/valueChange';
import type { ValueDecoding } from './valueDecoding';

const t = vscode.l10n.t;

/** The change that a draft asks for, made without its page; throws VALIDATION_ERROR saying what cannot be read. */
export async function changeOfDraft(
  draft: DraftDto,
  decoding: Pick<ValueDecoding, 'encode'>,
): Promise<ChangeDto> {
  const name = nameOf(draft);
  if (draft.name !== undefined && draft.target.kind === 'hash' && name === undefined)
    throw unreadable(t('the name of the field'));
  return changeOf(draft, await textBytes(draft, decoding), name);
}

/** What a draft became by a change that was applied. */
export function savedBy(change: ChangeDto, draft: DraftDto, cas: string | undefined): Saved {
  const name = draft.target.kind === 'hash' ? nameOf(draft) : undefined;
  return { after: afterOf(change), name, cas };
}

function afterOf(change: ChangeDto): string {
  if (change.kind === 'stream') return '';
  if (change.kind !== 'elements') return change.after ?? '';
  const last = change.elements.edits.at(-1);
  if (last && 'field' in last) return last.after ?? '';
  if (last && 'index' in last) return last.after ?? '';
  return last && 'member' in last ? last.member : '';
}

function nameOf({ name }: DraftDto): string | undefined {
  return name === undefined ? undefined : bytesOfLabel(name)?.toString('base64');
}

async function textBytes(
  { form, text, before = '' }: DraftDto,
  decoding: Pick<ValueDecoding, 'encode'>,
): Promise<string> {
  if (form === 'text' && !/\p{Surrogate}/u.test(text)) return Buffer.from(text).toString('base64');
  if (form === 'text') throw unreadable(t('half of a surrogate pair'));
  if (form === 'escaped') {
    const bytes = bytesOfLabel(text);
    if (!bytes) throw unreadable(t('an escape'));
    return bytes.toString('base64');
  }
  const encoded = await decoding.encode(text, form, Buffer.from(before, 'base64'));
  if ('bytes' in encoded) return encoded.bytes;
  const { line, column } = placeIn(text, encoded.at ?? 0);
  throw invalid(t('Line {0}, column {1}: {2}', line, column, encoded.problem));
}

function unreadable(what: string): Error {
  return invalid(t('Your change cannot be saved: {0} cannot be read. Nothing was saved.', what));
}
