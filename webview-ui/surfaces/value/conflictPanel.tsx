import { bytesOfBase64 } from '../../app/bytes';
import { escapeBytes, plainTextOf } from '../../app/escapedText';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { ConflictView } from '../../components/conflictView';
import { type Draft, isLocal } from './draft';
import { useMemo } from 'preact/hooks';
import { useDecoded } from './useDecoded';
import type { Trouble } from './saver';
import type { ValueModel } from './valueModel';

type ConflictTrouble = Extract<Trouble, { kind: 'conflict' }>;

/** The value moved under an edit: both sides, and what to do. Nothing was saved. */
export function ConflictPanel({
  model,
  trouble,
}: {
  readonly model: ValueModel;
  readonly trouble: ConflictTrouble;
}) {
  const { conflict, draft } = trouble;
  const view = draft && !isLocal(draft.form) ? draft.form : undefined;
  const [plainBefore, plainTheirs] = alike([draft?.before, conflict.current]);
  const before = useSide(model, draft?.before, view) ?? plainBefore;
  const theirs = useSide(model, conflict.current, view) ?? plainTheirs;
  const yours = draft?.text ?? '';
  const overwritable = conflict.current !== undefined && draft !== undefined && canOverwrite(draft);
  return (
    <section class="conflict-panel" aria-label={t('Conflict')}>
      <div class="conflict-head" role="alert">
        <p>{headline(conflict.reason)}</p>
        <div class="notice-actions">
          {overwritable ? <Button label={t('Overwrite theirs')} onClick={() => model.overwrite()} /> : null}
          <Button
            label={overwritable ? t('Take theirs') : t('Discard my change and read again')}
            onClick={() => model.takeTheirs()}
          />
          <Button label={t('Keep editing')} kind="primary" onClick={() => model.saver.clearTrouble()} />
        </div>
      </div>
      <ConflictView yours={yours} before={before} theirs={theirs} />
    </section>
  );
}

/**
 * Of a renamed field or a member, what the server tells is not what the edit began from. At a position of a list it
 * may be a neighbour that moved there, which nobody wants overwritten.
 */
function canOverwrite({ target, name }: Draft): boolean {
  return target.kind !== 'set' && target.kind !== 'zset' && target.kind !== 'list' && name === undefined;
}

const nothing = new Uint8Array();

/** A side in the view of the host that the edit was written in. */
function useSide(
  model: ValueModel,
  base64: string | undefined,
  view: string | undefined,
): string | undefined {
  const bytes = useMemo(() => (base64 === undefined ? nothing : bytesOfBase64(base64)), [base64]);
  const { decoded } = useDecoded(model.viewing, bytes, view, view !== undefined && base64 !== undefined);
  return decoded?.view.id === view ? decoded?.text : undefined;
}

function headline(reason: ConflictTrouble['conflict']['reason']): string {
  switch (reason) {
    case 'changed':
      return t('The value changed on the server after you read it. Nothing was saved.');
    case 'gone':
      return t(
        'This was deleted on the server after you read it. Nothing was saved, and saving does not bring it back.',
      );
    case 'exists':
      return t('An element of this name is there by now. Nothing was saved.');
    case 'wrong-type':
      return t('The key now holds another type of value. Nothing was saved.');
  }
}

/** All sides in the same form, so that they can be compared by eye. */
function alike(sides: readonly (string | undefined)[]): (string | undefined)[] {
  const bytes = sides.map((side) => (side === undefined ? undefined : bytesOfBase64(side)));
  const plain = bytes.every((side) => side === undefined || plainTextOf(side) !== undefined);
  return bytes.map((side) => side && (plain ? plainTextOf(side) : escapeBytes(side, { keepLines: true })));
}
