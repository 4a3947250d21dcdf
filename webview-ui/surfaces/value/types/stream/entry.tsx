import { useState } from 'preact/hooks';
import { formatBytes, formatCount, formatMoment } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { cellName, CellText, isCut } from '../../cellText';
import { ElementEditor } from '../../elementEditor';
import { OutMenu } from '../../outMenu';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';

type Row = PageByKind['stream']['rows'][number];

/** One entry: its fields as a list, and one of them whole when it is chosen. Entries of a stream never change. */
export function Entry({ model, row }: { readonly model: ValueModel; readonly row: Row }) {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const field = chosen === undefined ? undefined : row.fields[chosen];
  return (
    <div class="detail">
      <section class="entry" aria-label={t('Entry {0}', row.id)} tabIndex={0}>
        <div class="entry-head">
          <h2 class="data">{row.id}</h2>
          <OutMenu model={model} element={{ kind: 'stream', id: row.id, at: chosen ?? 0 }} />
        </div>
        <p class="secondary">
          {row.fields.length === 1 ? t('1 field') : t('{0} fields', formatCount(row.fields.length))} ·{' '}
          {momentOf(row.id)}
        </p>
        <dl>
          {row.fields.map(({ name, value }, at) => (
            <div key={at}>
              <dt>
                <button
                  type="button"
                  class="link-button"
                  aria-pressed={at === chosen}
                  onClick={() => setChosen(at === chosen ? undefined : at)}
                >
                  <CellText cell={name} />
                </button>
              </dt>
              <dd>
                <bdi dir="ltr">{cellName(value)}</bdi>
                {isCut(value) ? <span class="secondary"> … {formatBytes(value.size)}</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {field && chosen !== undefined ? (
        <ElementEditor
          key={chosen}
          model={model}
          title={cellName(field.name)}
          cell={field.value}
          element={{ kind: 'stream', id: row.id, at: chosen }}
          target={undefined}
        />
      ) : null}
    </div>
  );
}

/** When an entry was added: ids the server makes begin with milliseconds since the epoch. */
function momentOf(id: string): string {
  const ms = Number(id.split('-')[0]);
  const plausible = ms > Date.UTC(2010, 0) && ms < Date.UTC(2100, 0);
  return plausible ? formatMoment(ms) : t('an id of its own');
}
