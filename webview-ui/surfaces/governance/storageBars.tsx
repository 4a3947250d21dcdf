import type { DatasetDto, GovernanceState } from '../../../src/protocol/governance';
import { formatBytes, formatCount, formatShare } from '../../app/format';
import { t } from '../../app/l10n';
import { Icon } from '../../components/icon';
import { datasetWords, levelWords, usedBytes } from './datasetWords';

/** What each dataset takes of its budget: a bar, and the same in words. */
export function StorageBars({ state }: { readonly state: GovernanceState }) {
  return (
    <section class="storage" aria-labelledby="storage-title">
      <div class="part-head">
        <h2 id="storage-title">{t('Storage by dataset')}</h2>
        <p class="legend">
          <span class="swatch bar-database" aria-hidden="true" /> {t('database')}
          <span class="swatch bar-payload" aria-hidden="true" /> {t('payload files')}
          <span class="swatch-tick" aria-hidden="true" /> {t('90 % of the budget')}
        </p>
      </div>
      <ul class="bars">
        {state.datasets.map((each) => (
          <Bar key={each.dataset} of={each} />
        ))}
      </ul>
      <Advice datasets={state.datasets} />
    </section>
  );
}

function Bar({ of }: { readonly of: DatasetDto }) {
  const { name } = datasetWords(of.dataset);
  const { icon, word } = levelWords(of.level);
  const budget = of.policy.budgetBytes;
  const used = usedBytes(of);
  const amount = t('{0} of {1}', formatBytes(used), formatBytes(budget));
  const share = formatShare(used / budget);
  // Over budget both parts shrink alike, so that what is drawn stays in its track.
  const scale = Math.max(used, budget);
  return (
    <li class={`bar bar-${of.level}`}>
      <span class="bar-name">{name}</span>
      <div
        class="bar-track"
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round((used / budget) * 100))}
        aria-valuetext={`${amount}, ${share}, ${word}`}
      >
        <span class="bar-database" style={{ width: `${(of.databaseBytes / scale) * 100}%` }} />
        <span class="bar-payload" style={{ width: `${(of.payloadBytes / scale) * 100}%` }} />
        <span class="bar-tick" />
      </div>
      <span class="bar-amount">{amount}</span>
      <span class="bar-share">{share}</span>
      <span class="bar-level">
        <Icon name={icon} /> {word}
      </span>
    </li>
  );
}

/** What to do about datasets that are full. */
function Advice({ datasets }: { readonly datasets: readonly DatasetDto[] }) {
  const texts = datasets.map(adviceOf).filter((text) => text !== undefined);
  if (texts.length === 0) return null;
  return (
    <ul class="advice">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function adviceOf({ dataset, level, heldRows, policy }: DatasetDto): string | undefined {
  const { name } = datasetWords(dataset);
  if (level === 'stopped') {
    return policy.autoPurgeOldest
      ? t(
          '{0}: nothing new is recorded, as what is over budget is held ({1} records) or kept as the newest. Remove pins, raise the budget, or keep fewer.',
          name,
          formatCount(heldRows),
        )
      : t(
          '{0}: nothing new is recorded, as its oldest records do not go by themselves. Purge some, raise the budget, or let the oldest go.',
          name,
        );
  }
  if (level === 'over') return t('{0}: the oldest records go at the next run, within ten minutes.', name);
  if (level !== 'nearlyFull') return undefined;
  return policy.autoPurgeOldest
    ? t('{0}: soon its oldest records go to make room. Raise the budget to keep them longer.', name)
    : t('{0}: soon nothing new is recorded. Purge some, raise the budget, or let the oldest go.', name);
}
