import { useEffect, useMemo, useState } from 'preact/hooks';
import { bytesOfBase64 } from '../../../../app/bytes';
import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { createResource } from '../../../../app/resource';
import { ErrorPanel } from '../../../../components/errorPanel';
import { NoticeBar } from '../../../../components/noticeBar';
import { Progress } from '../../../../components/progress';
import { ByteEditor } from '../../byteEditor';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import type { ValueType } from '../valueType';
import { PathBar } from './pathBar';

/** Path of the whole document (JSONPath, RFC 9535). */
const root = '$';

interface JsonProps {
  readonly page: PageByKind['json'];
  readonly model: ValueModel;
}

function JsonView({ page, model }: JsonProps) {
  const [path, setPath] = useState(root);
  return (
    <div class="content-column">
      <PathBar model={model} path={path} onPath={setPath} />
      {path === root ? (
        <WholeDocument page={page} model={model} />
      ) : (
        <PartOfDocument key={path} model={model} path={path} />
      )}
    </div>
  );
}

function WholeDocument({ page, model }: JsonProps) {
  const bytes = useMemo(() => bytesOfBase64(page.text), [page.text]);
  return (
    <>
      {page.truncated ? (
        <NoticeBar
          kind="info"
          text={t('The first {0} of {1} are shown.', formatBytes(bytes.length), formatBytes(page.total))}
        />
      ) : null}
      <ByteEditor
        model={model}
        id="json"
        title={t('Document')}
        bytes={bytes}
        target={page.truncated ? undefined : { kind: 'json', path: root }}
        partial={page.truncated}
        readOnly={page.truncated || model.readOnlyReason.value !== undefined}
      />
    </>
  );
}

function PartOfDocument({ model, path }: { readonly model: ValueModel; readonly path: string }) {
  const epoch = model.snapshot.value?.epoch;
  const part = useMemo(
    () =>
      createResource(async (abort) => ({ bytes: await model.readElement({ kind: 'json', path }, abort) })),
    [path],
  );
  useEffect(() => {
    void part.load();
    return () => part.cancel();
  }, [path, epoch]);
  if (part.failure.value)
    return (
      <ErrorPanel
        title={t('The path could not be read')}
        failure={part.failure.value}
        onRetry={() => void part.load()}
      />
    );
  const known = part.data.value;
  if (!known) return <Progress text={t('Reading the path…')} />;
  return (
    <>
      {known.bytes ? null : (
        <NoticeBar
          kind="info"
          text={t('Nothing is at this path. Saving puts the value there, if its parent exists.')}
        />
      )}
      <ByteEditor
        model={model}
        id="json"
        title={path}
        bytes={known.bytes ?? new Uint8Array()}
        target={{ kind: 'json', path }}
        absent={known.bytes === undefined}
        readOnly={model.readOnlyReason.value !== undefined}
      />
    </>
  );
}

/** Documents of the JSON module. */
export const jsonType: ValueType<'json'> = {
  View: (props) => <JsonView {...props} />,
  append: (_loaded, next) => next,
  read: () => undefined,
};
