import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../../app/l10n';
import { formatBytes } from '../../app/format';
import { layOutJson } from '../../app/jsonText';
import { plainTextOf } from '../../app/escapedText';
import { CodeArea } from '../../components/codeArea';
import { Icon } from '../../components/icon';
import { Select } from '../../components/select';
import { type Form, parseIn } from './draft';
import type { View } from './valueModel';

/** JSON is looked for up to this length, characters: parsing on each key stroke must stay unnoticed. */
const jsonLimit = 256 * 1024;

interface ByteViewProps {
  readonly id: string;
  readonly title: string;
  readonly form: Form;
  readonly text: string;
  readonly view: View;
  readonly onView: (view: View) => void;
  /** Missing: the text can be read and selected, not changed. */
  readonly onInput?: ((text: string) => void) | undefined;
  readonly actions?: ComponentChildren;
  readonly dirty?: boolean;
}

/** Bytes as text, escaped text or laid out JSON, with what they are below. */
export function ByteView({
  id,
  title,
  form,
  text,
  view,
  onView,
  onInput,
  actions,
  dirty = false,
}: ByteViewProps) {
  const parsed = useMemo(() => parseIn(form, text), [form, text]);
  const bytes = 'bytes' in parsed ? parsed.bytes : undefined;
  const plain = useMemo(() => bytes && plainTextOf(bytes), [bytes]);
  const json = useMemo(() => jsonOf(plain), [plain]);
  const shown: View = view === 'json' && json !== undefined ? 'json' : form;
  const problem = 'problem' in parsed ? parsed : undefined;
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
            value={shown}
            options={viewsFor(plain !== undefined || form === 'text', json !== undefined)}
            onChange={onView}
          />
          {actions}
        </div>
      </div>
      <CodeArea
        label={title}
        value={shown === 'json' ? (json ?? '') : text}
        readOnly={shown === 'json' || !onInput}
        describedBy={`${id}-status`}
        invalid={problem !== undefined}
        {...(onInput ? { onInput } : {})}
      />
      <p
        class={problem ? 'bytes-status bytes-problem' : 'bytes-status'}
        id={`${id}-status`}
        role={problem ? 'alert' : undefined}
      >
        {problem ? <Problem {...problem} /> : statusOf(bytes, plain, json, shown, onInput !== undefined)}
      </p>
    </section>
  );
}

function Problem({ at, problem }: { readonly at: number; readonly problem: string }) {
  return (
    <>
      <Icon name="error" /> {t('At character {0}: {1}', at + 1, problem)}
    </>
  );
}

function jsonOf(plain: string | undefined): string | undefined {
  if (plain === undefined || plain.length > jsonLimit || !/^\s*[[{]/.test(plain)) return undefined;
  return layOutJson(plain);
}

function viewsFor(plain: boolean, json: boolean): { readonly value: View; readonly label: string }[] {
  return [
    ...(plain ? [{ value: 'text' as const, label: t('Text') }] : []),
    { value: 'escaped', label: t('Escaped') },
    ...(json ? [{ value: 'json' as const, label: t('JSON') }] : []),
  ];
}

function statusOf(
  bytes: Uint8Array | undefined,
  plain: string | undefined,
  json: string | undefined,
  view: View,
  editable: boolean,
): string {
  const parts = [formatBytes(bytes?.length ?? 0)];
  if (plain !== undefined) parts.push('UTF-8');
  else parts.push(t('Shown escaped: it holds bytes or characters that a text editor would change or hide'));
  if (json !== undefined) parts.push(t('valid JSON'));
  if (view === 'json' && editable) parts.push(t('laid out for reading: choose Text to edit'));
  return parts.join(' · ');
}
