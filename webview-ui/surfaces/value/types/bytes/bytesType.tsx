import { useMemo } from 'preact/hooks';
import { bytesOfBase64 } from '../../../../app/bytes';
import { t } from '../../../../app/l10n';
import { ByteEditor } from '../../byteEditor';
import type { Target } from '../../draft';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';
import { WindowBar } from './windowBar';

interface Props {
  readonly page: PageByKind['bytes'];
  readonly model: ValueModel;
}

function BytesView({ page, model }: Props) {
  const bytes = useMemo(() => bytesOfBase64(page.bytes), [page.bytes]);
  const partial = bytes.length < page.total;
  return (
    <div class="content-column">
      {partial ? <WindowBar page={page} length={bytes.length} model={model} /> : null}
      <ByteEditor
        model={model}
        id="value"
        title={t('Value')}
        bytes={bytes}
        target={targetOf(model)}
        partial={partial}
        readOnly={partial || model.readOnlyReason.value !== undefined}
      />
    </div>
  );
}

function targetOf(model: ValueModel): Target {
  const facts = model.snapshot.value?.facts;
  if (facts?.type !== 'item') return { kind: 'string' };
  return { kind: 'item', cas: facts.cas ?? '', flags: facts.flags ?? 0 };
}

/** Strings and Memcached items. */
export const bytesType: ValueType<'bytes'> = {
  View: (props) => <BytesView {...props} />,
  // what is too long to be edited is shown a window at a time
  append: (_loaded, next) => next,
  read: (page) => ({ loaded: bytesOfBase64(page.bytes).length, total: page.total, bytes: true }),
};
