import { t } from '../../../../app/l10n';
import { draftKey } from '../../../../../src/protocol/draftKey';
import { formFor, textIn, type Draft } from '../../draft';
import { bytesOfBase64 } from '../../../../app/bytes';
import { ElementEditor } from '../../elementEditor';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import { geoPosition } from './geoPosition';
import { ScoreField } from './scoreField';

interface MemberDetailProps {
  readonly model: ValueModel;
  readonly row: PageByKind['zset']['rows'][number];
}

/** One member of a sorted set with its score; changing the score moves it to its new place. */
export function MemberDetail({ model, row }: MemberDetailProps) {
  const target = { kind: 'zset' as const, member: row.member.bytes, score: row.score };
  const draft = model.drafts.get(draftKey(target));
  const position = geoPosition(row.score);
  const edit = (score: string): void => model.drafts.put({ ...(draft ?? unchanged(target)), score });
  return (
    <ElementEditor model={model} title={t('Member')} cell={row.member} target={target}>
      <div class="new-element">
        <ScoreField
          id="member-score"
          value={draft?.score ?? row.score}
          onInput={edit}
          disabled={model.readOnlyReason.value !== undefined}
        />
        {position ? (
          <p class="secondary">
            {t('As a geo position: longitude {0}, latitude {1}', position.longitude, position.latitude)}
          </p>
        ) : null}
      </div>
    </ElementEditor>
  );
}

/** A draft that changes nothing yet. */
function unchanged(target: Extract<Draft['target'], { kind: 'zset' }>): Draft {
  const before = target.member ?? '';
  const bytes = bytesOfBase64(before);
  const form = formFor(bytes);
  const text = textIn(form, bytes);
  return { target, before, form, text, shown: text };
}
