import { useMemo } from 'preact/hooks';
import { base64OfBytes, bytesOfBase64, joinBytes } from '../../../../app/bytes';
import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { NoticeBar } from '../../../../components/noticeBar';
import { ByteEditor } from '../../byteEditor';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';

/** Largest value that is edited as a whole, bytes. */
const editable = 1024 * 1024;

interface Props {
  readonly page: PageByKind['bytes'];
  readonly model: ValueModel;
}

function BytesView({ page, model }: Props) {
  const bytes = useMemo(() => bytesOfBase64(page.bytes), [page.bytes]);
  const facts = model.snapshot.value?.facts;
  const partial = bytes.length < page.total;
  const tooLarge = partial || page.total > editable;
  const kind = facts?.type === 'item' ? ('item' as const) : ('string' as const);
  const seed = kind === 'item' ? { kind, cas: facts?.cas, flags: facts?.flags } : { kind };
  return (
    <div class="content-column">
      {tooLarge ? <HeadNotice page={page} loaded={bytes.length} model={model} /> : null}
      <ByteEditor
        model={model}
        id="value"
        title={t('Value')}
        bytes={bytes}
        seed={seed}
        readOnly={tooLarge || model.readOnlyReason.value !== undefined}
      />
    </div>
  );
}

function HeadNotice({ page, loaded, model }: Props & { readonly loaded: number }) {
  const busy = model.more.loading.value;
  const partial = loaded < page.total;
  const reason =
    page.total > editable
      ? t('Values over {0} cannot be edited here.', formatBytes(editable))
      : t('Load the rest to edit it.');
  const shown = partial
    ? t('The first {0} of {1} are shown.', formatBytes(loaded), formatBytes(page.total))
    : '';
  return (
    <NoticeBar kind="locked" text={`${shown} ${reason}`.trim()}>
      {page.cursor === undefined ? null : (
        <Button
          label={busy ? t('Reading more…') : t('Load more')}
          disabled={busy}
          onClick={() => void model.more.load()}
        />
      )}
    </NoticeBar>
  );
}

/** Strings and Memcached items. */
export const bytesType: ValueType<'bytes'> = {
  View: (props) => <BytesView {...props} />,
  append: (loaded, next) => ({
    ...next,
    offset: loaded.offset,
    bytes: base64OfBytes(joinBytes(bytesOfBase64(loaded.bytes), bytesOfBase64(next.bytes))),
  }),
  read: (page) => ({ loaded: bytesOfBase64(page.bytes).length, total: page.total, bytes: true }),
};
