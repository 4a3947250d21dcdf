import type { ValueSnapshot } from '../../../src/protocol/value';
import { formatBytes, formatCount, formatDuration, formatMoment, formatTime } from '../../app/format';
import { t } from '../../app/l10n';
import { Select } from '../../components/select';
import { type LivePeriod, livePeriods } from './liveRefresh';
import { readOf } from './types/registry';
import type { ValueModel } from './valueModel';

/** How much was read, when, at what cost, and what is not saved. */
export function ValueFooter({
  model,
  snapshot,
}: {
  readonly model: ValueModel;
  readonly snapshot: ValueSnapshot;
}) {
  const page = model.page.value;
  const read = page && readOf(page.kind, page);
  const format = read?.bytes ? formatBytes : formatCount;
  return (
    <footer class="panel-footer">
      <span class="footer-facts">
        {read ? <span>{t('{0} of {1} read', format(read.loaded), format(read.total))}</span> : null}
        <span title={formatMoment(snapshot.loadedAtMs)}>
          {t('loaded {0}', formatTime(snapshot.loadedAtMs))}
        </span>
        <span>{formatDuration(snapshot.tookMs)}</span>
      </span>
      <span class="footer-unsaved" role="status">
        {unsaved(model)}
      </span>
      <LiveChoice model={model} />
    </footer>
  );
}

function LiveChoice({ model }: { readonly model: ValueModel }) {
  const label = (seconds: LivePeriod): string =>
    seconds === 0 ? t('Refresh by hand') : t('Refresh every {0} s', seconds);
  return (
    <Select
      id="live"
      label={t('Refresh')}
      hideLabel
      value={String(model.live.period.value)}
      options={livePeriods.map((seconds) => ({ value: String(seconds), label: label(seconds) }))}
      onChange={(value) => {
        model.live.period.value = livePeriods.find((seconds) => String(seconds) === value) ?? 0;
      }}
    />
  );
}

function unsaved(model: ValueModel): string {
  const count = model.drafts.dirty.value.length;
  if (count === 0) return '';
  const text = count === 1 ? t('Unsaved: 1 change') : t('Unsaved: {0} changes', count);
  return model.held.value ? text : t('{0}, kept only while this tab is in front', text);
}
