import type { ImpactDto, PurgeDto } from '../../../src/protocol/governance';
import { formatCount, formatDay, formatMinute } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { NoticeBar } from '../../components/noticeBar';
import { TextField } from '../../components/textField';
import { datasetWords, lossText, recordsText, sizeText } from './datasetWords';
import type { GovernanceModel } from './governanceModel';
import type { PurgeFlow } from './purgeFlow';

interface PreviewProps {
  readonly model: GovernanceModel;
  readonly purge: PurgeDto;
  readonly locked: string | undefined;
}

/** What would go, what stays, what is lost with it, and the number to type. */
export function PurgePreview({ model, purge, locked }: PreviewProps) {
  const rows = model.purge.rows.value;
  return (
    <>
      <p class="part-text">
        {rows === 0
          ? t(
              'No record of the chosen datasets is from before {0} and free to go.',
              formatMinute(purge.before),
            )
          : t('Records from before {0}. What is recorded from now on stays.', formatMinute(purge.before))}
      </p>
      <ul class="impacts">
        {purge.impacts.map((impact) => (
          <Impact key={impact.dataset} impact={impact} />
        ))}
      </ul>
      {rows === 0 ? (
        <NothingActs model={model} />
      ) : (
        <Confirmation model={model} purge={purge} locked={locked} />
      )}
    </>
  );
}

function Impact({ impact }: { readonly impact: ImpactDto }) {
  const { name } = datasetWords(impact.dataset);
  const what =
    impact.rows === 0 ? t('nothing goes') : t('{0}, {1}', recordsText(impact.rows), sizeText(impact));
  return (
    <li>
      <strong>{name}</strong> {what}
      <span class="secondary">{[leftText(impact), heldText(impact)].filter(Boolean).join(' ')}</span>
    </li>
  );
}

function leftText({ oldestLeftAt, newestLeftAt }: ImpactDto): string {
  if (oldestLeftAt === undefined || newestLeftAt === undefined) return t('Nothing is left of it.');
  const [oldest, newest] = [formatDay(oldestLeftAt), formatDay(newestLeftAt)];
  return oldest === newest ? t('Left: those of {0}.', oldest) : t('Left: {0} to {1}.', oldest, newest);
}

function heldText({ heldRows }: ImpactDto): string {
  if (heldRows === 0) return '';
  return heldRows === 1
    ? t('1 record as old is held and stays.')
    : t('{0} records as old are held and stay.', formatCount(heldRows));
}

function NothingActs({ model }: Pick<PreviewProps, 'model'>) {
  const flow = model.purge;
  return (
    <div class="purge-acts">
      <Button label={t('Choose again')} disabled={flow.busy.value} onClick={() => void flow.back()} />
      <Button label={t('Close')} disabled={flow.busy.value} onClick={() => void flow.close()} />
    </div>
  );
}

function Confirmation({ model, purge, locked }: PreviewProps) {
  const flow = model.purge;
  const stopped = flow.busy.value || locked !== undefined;
  return (
    <>
      {purge.losses.length > 0 ? (
        <ul class="losses">
          {purge.losses.map((loss, at) => (
            <li key={at}>{lossText(loss)}</li>
          ))}
        </ul>
      ) : null}
      <NoticeBar kind="warning" text={t('This cannot be undone. Backups keep what they hold.')}>
        <Button label={t('Back up first')} disabled={stopped} onClick={() => void model.backUp()} />
      </NoticeBar>
      <TypedCount flow={flow} stopped={stopped} />
      <div class="purge-acts">
        <Button
          label={t('Purge {0}', recordsText(flow.rows.value))}
          kind="primary"
          disabled={stopped || !flow.isConfirmed.value}
          hint={locked ?? (flow.isConfirmed.value ? undefined : t('Type the number of records first'))}
          onClick={() => void flow.purge()}
        />
        <Button label={t('Choose again')} disabled={flow.busy.value} onClick={() => void flow.back()} />
        <Button label={t('Close')} disabled={flow.busy.value} onClick={() => void flow.close()} />
      </div>
    </>
  );
}

/** Who types the number has read it. */
function TypedCount({ flow, stopped }: { readonly flow: PurgeFlow; readonly stopped: boolean }) {
  const count = formatCount(flow.rows.value);
  const isWrong = flow.typed.value !== '' && !flow.isConfirmed.value;
  return (
    <div
      class="purge-typed"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !stopped) void flow.purge();
      }}
    >
      <TextField
        id="purge-typed"
        label={t('Type the number of records, {0}, to go on', count)}
        placeholder={count}
        value={flow.typed.value}
        disabled={stopped}
        maxLength={40}
        error={isWrong ? t('This is not the number of records') : undefined}
        onInput={(typed) => (flow.typed.value = typed)}
      />
    </div>
  );
}
