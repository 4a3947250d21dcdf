import type { ElementDto } from '../../../src/protocol/value';
import { t } from '../../app/l10n';
import { Menu, type MenuItem } from '../../components/menu';
import type { ValueModel } from './valueModel';

interface OutMenuProps {
  readonly model: ValueModel;
  /** Undefined: the whole value. */
  readonly element?: ElementDto;
}

/** Ways of a value or an element out of the panel: clipboard, file, editor. */
export function OutMenu({ model, element }: OutMenuProps) {
  return <Menu label={t('Copy, save, open')} icon="share" items={outItems(model, element)} />;
}

/** The ways out; a whole value of a collection can be saved, its elements be copied and opened. */
export function outItems(model: ValueModel, element?: ElementDto): MenuItem[] {
  const of = element ? { element } : {};
  const type = model.snapshot.value?.facts?.type;
  const isBytes = element !== undefined || type === 'string' || type === 'item' || type === 'json';
  const copies: MenuItem[] = [
    {
      label: t('Copy as text'),
      icon: 'copy',
      run: () => void model.useWay('value/copy', { form: 'text', ...of }),
    },
    {
      label: t('Copy escaped'),
      icon: 'copy',
      run: () => void model.useWay('value/copy', { form: 'escaped', ...of }),
    },
    {
      label: t('Copy as base64'),
      icon: 'copy',
      run: () => void model.useWay('value/copy', { form: 'base64', ...of }),
    },
  ];
  const save = { label: t('Save as…'), icon: 'save-as', run: () => void model.useWay('value/saveAs', of) };
  const document = documentOf(element);
  const open = {
    label: t('Open in editor'),
    icon: 'go-to-file',
    run: () => void model.useWay('value/openDocument', document ? { element: document } : {}),
  };
  const opens = isBytes && (element === undefined || document !== undefined);
  return [...(isBytes ? copies : []), ...(opens ? [open] : []), save];
}

/** The element as a document of its own: a field, or a whole entry. */
function documentOf(element: ElementDto | undefined) {
  if (element?.kind === 'hash') return { kind: 'hash' as const, field: element.field };
  return element?.kind === 'stream' ? { kind: 'stream' as const, id: element.id } : undefined;
}
