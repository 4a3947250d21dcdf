import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { EmptyState } from '../../../../components/emptyState';
import type { PageByKind } from '../../page';
import type { ValueType } from '../valueType';

function OtherView({ page }: { readonly page: PageByKind['other'] }) {
  const size =
    page.memoryBytes === undefined ? '' : t('It takes {0} in memory.', formatBytes(page.memoryBytes));
  return (
    <div class="other-value" tabIndex={0} role="region" aria-label={t('Module type {0}', page.typeName)}>
      <EmptyState
        icon="extensions"
        title={t('Module type {0}', page.typeName)}
        text={`${page.note} ${size}`.trim()}
      />
      {page.facts && page.facts.length > 0 ? (
        <dl class="other-facts">
          {page.facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="data">
                <bdi dir="ltr">{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}

/** Values of module types: what they tell of themselves, for reading. */
export const otherType: ValueType<'other'> = {
  View: (props) => <OtherView page={props.page} />,
  append: (_loaded, next) => next,
  read: () => undefined,
};
