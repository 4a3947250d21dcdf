import { bytesOfBase64 } from '../../app/bytes';
import { escapeBytes, plainTextOf } from '../../app/escapedText';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { ConflictView } from '../../components/conflictView';
import { changeOf } from './draft';
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
  const wanted = draft && changeOf(draft);
  const [yours = '', before, theirs] = alike([
    wanted && 'change' in wanted ? wanted.change.after : undefined,
    draft?.before,
    conflict.current,
  ]);
  const overwritable =
    conflict.current !== undefined && (conflict.reason === 'changed' || conflict.reason === 'exists');
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

function headline(reason: ConflictTrouble['conflict']['reason']): string {
  switch (reason) {
    case 'changed':
      return t('The value changed on the server after you read it. Nothing was saved.');
    case 'gone':
      return t(
        'This was deleted on the server after you read it. Nothing was saved, and saving does not bring it back.',
      );
    case 'exists':
      return t('A field with this name was added on the server meanwhile. Nothing was saved.');
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
