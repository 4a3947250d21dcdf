import type { GovernanceState, HoldDto } from '../../../src/protocol/governance';
import { formatCount, formatDay, formatMinute, formatMoment } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Icon } from '../../components/icon';
import { datasetWords } from './datasetWords';
import type { GovernanceModel } from './governanceModel';

interface HoldListProps {
  readonly model: GovernanceModel;
  readonly state: GovernanceState;
}

/** What is held, by whom; a pin can be removed here. */
export function HoldList({ model, state }: HoldListProps) {
  const { holds, readOnlyBecause } = state;
  return (
    <section class="held" aria-labelledby="holds-title">
      <div class="part-head">
        <h2 id="holds-title">{t('Held records')}</h2>
      </div>
      {holds.length === 0 ? (
        <p class="part-text">
          {t(
            'Nothing is held. To keep a record whatever its age, run “Show history” and choose the pin beside an entry; runs that can be resumed and open incidents hold what they need by themselves.',
          )}
        </p>
      ) : (
        <ul class="holds">
          {holds.map((hold) => (
            <HoldRow key={hold.id} model={model} hold={hold} locked={readOnlyBecause} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface HoldRowProps {
  readonly model: GovernanceModel;
  readonly hold: HoldDto;
  readonly locked: string | undefined;
}

function HoldRow({ model, hold, locked }: HoldRowProps) {
  const what = whatText(hold);
  return (
    <li class="hold">
      <Icon name={hold.holder === 'person' ? 'pinned' : 'lock'} />
      <span class="hold-what">
        {what}
        <span class="secondary" title={formatMoment(hold.at)}>
          {t('{0}, since {1}', holderText(hold), formatDay(hold.at))}
        </span>
      </span>
      {hold.holder === 'person' ? (
        <Button
          label={t('Unpin {0}', what)}
          icon="close"
          iconOnly
          disabled={locked !== undefined}
          hint={locked}
          onClick={() => void model.unpin(hold.id)}
        />
      ) : null}
    </li>
  );
}

function whatText({ dataset, seq, connection, from, to }: HoldDto): string {
  const { name } = datasetWords(dataset);
  if (seq !== undefined) return t('{0}: record {1}', name, formatCount(seq));
  const where = connection === undefined ? name : t('{0} of {1}', name, connection);
  if (from !== undefined && to !== undefined)
    return t('{0}, {1} to {2}', where, formatMinute(from), formatMinute(to));
  if (from !== undefined) return t('{0}, from {1} on', where, formatMinute(from));
  if (to !== undefined) return t('{0}, up to {1}', where, formatMinute(to));
  return t('{0}, all records', where);
}

function holderText({ holder, holderId = '' }: HoldDto): string {
  switch (holder) {
    case 'person':
      return t('pinned by you');
    case 'run':
      return t('held by run {0} while it can be resumed', holderId);
    case 'incident':
      return t('held by incident {0} while it is open', holderId);
    case 'other':
      return t('held by {0}', holderId);
  }
}
