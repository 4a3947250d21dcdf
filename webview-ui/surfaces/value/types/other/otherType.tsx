import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { EmptyState } from '../../../../components/emptyState';
import type { PageByKind } from '../../page';
import type { ValueType } from '../valueType';

function OtherView({ page }: { readonly page: PageByKind['other'] }) {
  const size =
    page.memoryBytes === undefined ? '' : t('It takes {0} in memory.', formatBytes(page.memoryBytes));
  return (
    <EmptyState
      icon="extensions"
      title={t('Module type {0}', page.typeName)}
      text={`${page.note} ${size}`.trim()}
    />
  );
}

/** Values of module types that are not read here. */
export const otherType: ValueType<'other'> = {
  View: (props) => <OtherView page={props.page} />,
  append: (_loaded, next) => next,
  read: () => undefined,
};
