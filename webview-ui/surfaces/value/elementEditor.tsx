import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { ElementDto } from '../../../src/protocol/value';
import { bytesOfBase64 } from '../../app/bytes';
import { formatBytes } from '../../app/format';
import { t } from '../../app/l10n';
import { createResource } from '../../app/resource';
import { EmptyState } from '../../components/emptyState';
import { ErrorPanel } from '../../components/errorPanel';
import { NoticeBar } from '../../components/noticeBar';
import { Progress } from '../../components/progress';
import { ByteEditor } from './byteEditor';
import { draftKey } from '../../../src/protocol/draftKey';
import { type Draft, lacksWhole, type Target } from './draft';
import { OutMenu } from './outMenu';
import { RenameButton, RenameField } from './rename';
import type { Cell } from './page';
import type { ValueModel } from './valueModel';

/** Largest element that is edited, bytes. */
const editable = 1024 * 1024;

interface ElementEditorProps {
  readonly model: ValueModel;
  readonly title: string;
  /** As the page holds it; undefined when the element is not among the loaded rows. */
  readonly cell: Cell | undefined;
  /** How the whole of a cut cell is read; undefined where cells come whole. */
  readonly element?: ElementDto;
  /** Undefined: it can only be read. */
  readonly target: Target | undefined;
  /** The element has a name that can be changed. */
  readonly renames?: boolean;
  /** Milliseconds the element has to live, where elements have such. */
  readonly ttlMs?: number | undefined;
  /** More to ask for beside the bytes. */
  readonly children?: ComponentChildren;
}

/** Edits one element; one the page cut is read whole first, one over 1 MiB is only shown. */
export function ElementEditor(props: ElementEditorProps) {
  const { model, title, cell, element, target } = props;
  const draft = target && model.drafts.get(draftKey(target));
  const { bytes, partial, waiting } = useWhole(props, draft);
  if (waiting) return <Waiting whole={waiting} />;
  return (
    <div class="detail">
      {partial && cell ? <Partial size={cell.size} shown={bytes.length} /> : null}
      {props.children}
      {draft?.name === undefined ? null : <RenameField model={model} draft={draft} />}
      <ByteEditor
        model={model}
        id="element"
        title={title}
        bytes={bytes}
        target={target}
        partial={partial}
        readOnly={partial || model.readOnlyReason.value !== undefined}
        actions={
          <>
            {props.renames && target ? (
              <RenameButton
                model={model}
                target={target}
                bytes={bytes}
                title={title}
                fixed={partial || props.ttlMs !== undefined}
              />
            ) : null}
            {element ? <OutMenu model={model} element={element} /> : null}
          </>
        }
      />
    </div>
  );
}

interface WholeBytes {
  readonly bytes: Uint8Array;
  /** Only the start of the element is here. */
  readonly partial: boolean;
  /** The read that is not done yet. */
  readonly waiting?: Whole;
}

/** The bytes of the element: as the page has them, or read whole where the page cut them. */
function useWhole({ model, cell, element }: ElementEditorProps, draft: Draft | undefined): WholeBytes {
  const identity = JSON.stringify(element);
  const whole = useMemo(
    () => createResource(async (abort) => ({ bytes: element && (await model.readElement(element, abort)) })),
    [identity],
  );
  const cut = cell !== undefined && lacksWhole(cell, draft);
  const wanted = cut && cell.size <= editable && element !== undefined;
  useEffect(() => {
    if (wanted) void whole.load();
    return () => whole.cancel();
  }, [cell, wanted]);
  const known = wanted ? whole.data.value?.bytes : undefined;
  const bytes = useMemo(
    () => known ?? bytesOfBase64(cell?.bytes ?? draft?.before ?? ''),
    [known, cell, draft?.before],
  );
  const partial = cut && known === undefined;
  return { bytes, partial, ...(wanted && partial && { waiting: whole }) };
}

function Partial({ size, shown }: { readonly size: number; readonly shown: number }) {
  const head = t('The first {0} of {1} are shown.', formatBytes(shown), formatBytes(size));
  const reason = t('Elements over {0} cannot be edited here.', formatBytes(editable));
  return <NoticeBar kind="locked" text={size > editable ? `${head} ${reason}` : head} />;
}

type Whole = ReturnType<typeof createResource<{ readonly bytes: Uint8Array | undefined }>>;

function Waiting({ whole }: { readonly whole: Whole }) {
  const failure = whole.failure.value;
  if (failure)
    return (
      <ErrorPanel
        title={t('The element could not be read')}
        failure={failure}
        onRetry={() => void whole.load()}
      />
    );
  if (whole.data.value) {
    return (
      <EmptyState
        icon="trash"
        title={t('This element is gone')}
        text={t('It was deleted after the list was read.')}
      />
    );
  }
  return <Progress text={t('Reading the whole element…')} />;
}
