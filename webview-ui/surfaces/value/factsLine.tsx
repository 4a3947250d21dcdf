import { isoMoment } from '../../../src/protocol/moment';
import type { ValueSnapshot } from '../../../src/protocol/value';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatRemaining,
  type Moment,
} from '../../app/format';
import { t } from '../../app/l10n';
import { useRemaining } from './remaining';

export type Facts = NonNullable<ValueSnapshot['facts']>;

/** `hash · 1,204 fields · 61 KiB · TTL 2 h 13 m · listpack`, as far as it is known. */
export function FactsLine({ facts }: { readonly facts: Facts }) {
  const parts = [typeOf(facts), lengthOf(facts), memoryOf(facts)].filter((part) => part !== undefined);
  const more = [encodingOf(facts), ...itemFacts(facts), idleOf(facts)].filter((part) => part !== undefined);
  return (
    <ul class="facts" aria-label={t('Facts')}>
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
      <li>
        {facts.hiddenTtl === undefined ? (
          <Ttl expireAtMs={facts.expireAtMs} />
        ) : (
          <span title={facts.hiddenTtl}>{t('TTL not readable')}</span>
        )}
      </li>
      {more.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  );
}

function Ttl({ expireAtMs }: { readonly expireAtMs: Moment | undefined }) {
  const remaining = useRemaining(expireAtMs === undefined ? undefined : Number(expireAtMs));
  if (expireAtMs === undefined || remaining === undefined) return <>{t('No TTL')}</>;
  const text = remaining === 0 ? t('Expired') : t('TTL {0}', formatRemaining(remaining));
  return (
    <time
      class="ttl"
      dateTime={isoMoment(Number(expireAtMs))}
      title={t('Expires {0}', formatMoment(expireAtMs))}
    >
      {text}
    </time>
  );
}

/** The module that holds JSON names its type for itself, not for people. */
function typeOf({ type, typeName }: Facts): string {
  return type === 'json' ? 'JSON' : typeName;
}

function lengthOf({ type, length }: Facts): string | undefined {
  if (length === undefined) return undefined;
  const count = formatCount(length);
  const isOne = length === 1;
  switch (type) {
    case 'hash':
      return isOne ? t('1 field') : t('{0} fields', count);
    case 'list':
      return isOne ? t('1 element') : t('{0} elements', count);
    case 'set':
    case 'zset':
      return isOne ? t('1 member') : t('{0} members', count);
    case 'stream':
      return isOne ? t('1 entry') : t('{0} entries', count);
    case 'string':
    case 'item':
    case 'json':
    case 'other':
      return formatBytes(length);
  }
}

/** Redis calls the encoding of a stream just that: once is enough. */
function encodingOf({ encoding, typeName }: Facts): string | undefined {
  return encoding === typeName ? undefined : encoding;
}

function memoryOf({ memoryBytes }: Facts): string | undefined {
  return memoryBytes === undefined ? undefined : t('{0} in memory', formatBytes(memoryBytes));
}

function itemFacts({ flags, cas, slab }: Facts): (string | undefined)[] {
  return [
    flags === undefined ? undefined : t('flags {0}', flags),
    cas === undefined ? undefined : t('CAS {0}', cas),
    slab === undefined ? undefined : t('slab class {0}', slab),
  ];
}

function idleOf({ idleSeconds }: Facts): string | undefined {
  return idleSeconds === undefined ? undefined : t('idle {0}', formatDuration(idleSeconds * 1000));
}
