import { useRef } from 'preact/hooks';
import { formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Select } from '../../../../components/select';
import { isCut } from '../../cellText';
import { NewElement } from '../../newElement';
import type { ValueModel } from '../../valueModel';

type Place = 'head' | 'tail' | 'before';

/** Adds an element at either end, or before the one that was chosen. */
export function NewListElement({ model }: { readonly model: ValueModel }) {
  const anchor = useRef(anchorOf(model)).current;
  const places: { readonly value: Place; readonly label: string }[] = [
    { value: 'tail', label: t('At the end (tail)') },
    { value: 'head', label: t('At the start (head)') },
    ...(anchor
      ? [{ value: 'before' as const, label: t('Before element {0}', formatCount(anchor.index)) }]
      : []),
  ];
  return (
    <NewElement
      model={model}
      target={{ kind: 'list' }}
      addLabel={t('Add element')}
      valueLabel={t('New element')}
    >
      {(draft, edit) => (
        <Select<Place>
          id="new-element-place"
          label={t('Where')}
          value={placeOf(draft.place)}
          options={places}
          onChange={(place) => edit({ place, ...(place === 'before' && anchor && { anchor }) })}
        />
      )}
    </NewElement>
  );
}

function placeOf(place: string | undefined): Place {
  return place === 'head' || place === 'before' ? place : 'tail';
}

/** The row that was on screen before; one that is not loaded whole cannot be compared. */
function anchorOf(model: ValueModel) {
  const page = model.page.value;
  const key = model.lastRow.value;
  const row = page?.kind === 'list' ? page.rows.find(({ index }) => String(index) === key) : undefined;
  return row && !isCut(row.value) ? { index: row.index, bytes: row.value.bytes } : undefined;
}
