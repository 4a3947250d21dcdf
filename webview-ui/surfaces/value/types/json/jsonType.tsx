import { useEffect, useMemo } from 'preact/hooks';
import { bytesOfBase64 } from '../../../../app/bytes';
import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { NoticeBar } from '../../../../components/noticeBar';
import { ByteEditor } from '../../byteEditor';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';

function JsonView({ page, model }: { readonly page: PageByKind['json']; readonly model: ValueModel }) {
  const bytes = useMemo(() => bytesOfBase64(page.text), [page.text]);
  useEffect(() => {
    if (model.view.value === 'text') model.view.value = 'json';
  }, []);
  return (
    <div class="content-column">
      {page.truncated ? (
        <NoticeBar
          kind="info"
          text={t('The first {0} of {1} are shown.', formatBytes(bytes.length), formatBytes(page.total))}
        />
      ) : null}
      <ByteEditor model={model} id="json" title={t('Document')} bytes={bytes} seed={undefined} readOnly />
    </div>
  );
}

/** Documents of the JSON module. */
export const jsonType: ValueType<'json'> = {
  View: (props) => <JsonView {...props} />,
  append: (_loaded, next) => next,
  read: () => undefined,
};
