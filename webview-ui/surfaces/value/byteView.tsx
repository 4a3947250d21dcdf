import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { base64OfBytes } from '../../app/bytes';
import { plainTextOf } from '../../app/escapedText';
import { formatBytes } from '../../app/format';
import { t } from '../../app/l10n';
import { oddSpacesNote } from '../../app/oddSpaces';
import { CodeArea } from '../../components/codeArea';
import { Icon } from '../../components/icon';
import { Select } from '../../components/select';
import { type Form, isLocal, parseIn } from './draft';
import { JsonTree } from './jsonTree';
import type { Decoding } from './useDecoded';
import { treeView, type ViewChoice } from './viewChoice';

interface ByteViewProps {
  readonly id: string;
  readonly title: string;
  /** `text`, `escaped`, a view of the host, or the tree. */
  readonly form: string;
  readonly text: string;
  /** What the text was made from. */
  readonly bytes: Uint8Array;
  readonly decoding: Decoding;
  readonly choice: ViewChoice;
  readonly onView: (view: string) => void;
  /** The view cannot be changed now: an edit is written in it. */
  readonly viewFixed?: boolean;
  /** Missing: the text can be read and selected, not changed. */
  readonly onInput?: ((text: string) => void) | undefined;
  readonly actions?: ComponentChildren;
  readonly dirty?: boolean;
}

/** Bytes in one of their views, with what they are below. */
export function ByteView(props: ByteViewProps) {
  const { id, title, form, text, onInput, dirty = false } = props;
  const problem = useMemo(() => problemOf(form, text), [form, text]);
  return (
    <section class="bytes" aria-label={title}>
      <div class="bytes-bar">
        <h2 class="data" title={title}>
          {dirty ? (
            <span class="dirty" title={t('Not saved')}>
              ●
            </span>
          ) : null}
          <bdi dir="ltr">{title}</bdi>
        </h2>
        <div class="bytes-actions">
          <Select
            id={`${id}-view`}
            label={t('View')}
            hideLabel
            disabled={props.viewFixed ?? false}
            value={props.choice.id}
            options={props.choice.options}
            onChange={props.onView}
          />
          {props.actions}
        </div>
      </div>
      <Body {...props} invalid={problem !== undefined} />
      <p
        class={problem ? 'bytes-status bytes-problem' : 'bytes-status'}
        id={`${id}-status`}
        role={problem ? 'alert' : undefined}
      >
        {problem ? <Problem {...problem} /> : <Status {...props} editable={onInput !== undefined} />}
      </p>
    </section>
  );
}

function Body({
  id,
  title,
  form,
  text,
  bytes,
  decoding,
  onInput,
  invalid,
}: ByteViewProps & { readonly invalid: boolean }) {
  const { decoded } = decoding;
  if (decoded?.imageType !== undefined && !isLocal(form))
    return <Picture title={title} bytes={bytes} type={decoded.imageType} />;
  if (form === treeView) return <JsonTree label={title} text={decoded?.text ?? ''} />;
  return (
    <CodeArea
      label={title}
      value={text}
      readOnly={!onInput}
      describedBy={`${id}-status`}
      invalid={invalid}
      {...(onInput ? { onInput } : {})}
    />
  );
}

function Picture({
  title,
  bytes,
  type,
}: {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly type: string;
}) {
  const source = useMemo(() => `data:${type};base64,${base64OfBytes(bytes)}`, [bytes, type]);
  return (
    <div class="picture" tabIndex={0} role="region" aria-label={t('Picture')}>
      <img src={source} alt={title} />
    </div>
  );
}

interface TextProblem {
  readonly at: number;
  readonly problem: string;
}

function problemOf(form: string, text: string): TextProblem | undefined {
  const parsed = isLocal(form) ? parseIn(form, text) : undefined;
  return parsed && 'problem' in parsed ? parsed : undefined;
}

function Problem({ at, problem }: TextProblem) {
  return (
    <>
      <Icon name="error" /> {t('At character {0}: {1}', at + 1, problem)}
    </>
  );
}

function Status(props: ByteViewProps & { readonly editable: boolean }) {
  const { decoded, problem } = props.decoding;
  const parts = isLocal(props.form) ? localStatus(props.form, props) : hostStatus(props);
  const spaces = useMemo(() => oddSpacesNote(props.text), [props.text]);
  const more = [...(decoded?.notes ?? []), spaces, problem].filter((each) => each !== undefined);
  return <>{[...parts, ...more].join(' · ')}</>;
}

function localStatus(form: Form, { text, bytes }: ByteViewProps): string[] {
  const plain = plainTextOf(bytes) !== undefined;
  const escaped = t('Shown escaped: it holds bytes or characters that a text editor would change or hide');
  return [formatBytes(sizeOf(form, text)), plain ? 'UTF-8' : escaped];
}

function hostStatus({
  form,
  bytes,
  decoding,
  editable,
}: ByteViewProps & { readonly editable: boolean }): string[] {
  const { decoded } = decoding;
  const size = formatBytes(bytes.length);
  if (form === treeView) return editable ? [size, t('Choose JSON or Text to edit')] : [size];
  const reason = editable ? undefined : decoded?.readOnlyReason;
  return [size, decoded?.view.title, reason].filter((part) => part !== undefined);
}

function sizeOf(form: Form, text: string): number {
  const parsed = parseIn(form, text);
  return 'bytes' in parsed ? parsed.bytes.length : 0;
}
