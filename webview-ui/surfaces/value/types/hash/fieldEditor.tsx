import { useEffect, useMemo } from 'preact/hooks';
import { bytesOfBase64 } from '../../../../app/bytes';
import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { createResource } from '../../../../app/resource';
import { EmptyState } from '../../../../components/emptyState';
import { ErrorPanel } from '../../../../components/errorPanel';
import { NoticeBar } from '../../../../components/noticeBar';
import { Progress } from '../../../../components/progress';
import { ByteEditor } from '../../byteEditor';
import { isCut } from '../../cellText';
import type { Draft } from '../../draft';
import type { Cell } from '../../page';
import type { ValueModel } from '../../valueModel';

/** Largest field that is edited, bytes. */
const editable = 1024 * 1024;

interface FieldEditorProps {
  readonly model: ValueModel;
  /** Base64. */
  readonly field: string;
  readonly title: string;
  /** As the page holds it; undefined when the field is not among the loaded rows. */
  readonly cell: Cell | undefined;
  readonly draft: Draft | undefined;
}

/** Edits one field of a hash; a field the page cut is read whole first, one over 1 MiB is only shown. */
export function FieldEditor({ model, field, title, cell, draft }: FieldEditorProps) {
  const whole = useMemo(
    () => createResource((abort) => model.readField(field, abort).then((bytes) => ({ bytes }))),
    [field],
  );
  const cut = cell !== undefined && isCut(cell) && draft === undefined;
  const tooLarge = cell !== undefined && cell.size > editable;
  useEffect(() => {
    if (cut && !tooLarge) void whole.load();
    return () => whole.cancel();
  }, [cell, cut, tooLarge]);

  const known = cut && !tooLarge ? whole.data.value?.bytes : undefined;
  const bytes = useMemo(
    () => known ?? bytesOfBase64(cell?.bytes ?? draft?.before ?? ''),
    [known, cell, draft?.before],
  );
  if (cut && !tooLarge && !known) return <Waiting whole={whole} />;
  return (
    <div class="detail">
      {tooLarge ? <TooLarge size={cell.size} shown={bytes.length} /> : null}
      <ByteEditor
        model={model}
        id="field"
        title={title}
        bytes={bytes}
        seed={{ kind: 'hash', field }}
        readOnly={tooLarge || model.readOnlyReason.value !== undefined}
      />
    </div>
  );
}

function TooLarge({ size, shown }: { readonly size: number; readonly shown: number }) {
  const head = t('The first {0} of {1} are shown.', formatBytes(shown), formatBytes(size));
  return (
    <NoticeBar
      kind="locked"
      text={`${head} ${t('Fields over {0} cannot be edited here.', formatBytes(editable))}`}
    />
  );
}

type Whole = ReturnType<typeof createResource<{ readonly bytes: Uint8Array | undefined }>>;

function Waiting({ whole }: { readonly whole: Whole }) {
  const failure = whole.failure.value;
  if (failure)
    return (
      <ErrorPanel
        title={t('The field could not be read')}
        failure={failure}
        onRetry={() => void whole.load()}
      />
    );
  if (whole.data.value) {
    return (
      <EmptyState
        icon="trash"
        title={t('This field is gone')}
        text={t('It was deleted after the list was read.')}
      />
    );
  }
  return <Progress text={t('Reading the whole field…')} />;
}
