import { t } from '../../app/l10n';
import { type Form, isLocal } from './draft';
import type { Decoding } from './useDecoded';

/** Id of the view that folds JSON; drawn by the page from what the host laid out. */
export const treeView = 'tree';

/** The id of the view on screen, and the choices there are. */
export interface ViewChoice {
  readonly id: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Which view to show: that of the draft, else the wanted one, else the best; text and escaped are the page's own. */
export function chooseView(
  { decoded }: Decoding,
  wanted: string | undefined,
  local: Form,
  draftForm: string | undefined,
): ViewChoice {
  const views = (decoded?.views ?? []).filter(({ id }) => id !== 'text');
  const best = decoded && decoded.view.id !== 'text' ? decoded.view.id : local;
  const foldable = decoded?.language === 'json';
  const fits =
    wanted === treeView ? foldable : wanted !== undefined && (isLocal(wanted) || decoded?.view.id === wanted);
  const id = draftForm ?? (wanted !== undefined && fits ? asLocal(wanted, local) : best);
  const options = [
    { value: 'text', label: t('Text') },
    { value: 'escaped', label: t('Escaped') },
    ...views.map(({ id: value, title }) => ({ value, label: title })),
    ...(foldable ? [{ value: treeView, label: t('Tree') }] : []),
  ];
  return {
    id,
    options: options.filter(({ value }) => value !== 'text' || local === 'text' || id === 'text'),
  };
}

/** Text that a text area would change is shown escaped. */
function asLocal(wanted: string, local: Form): string {
  return wanted === 'text' ? local : wanted;
}

/** The view to ask the host for; the page's own need none. */
export function hostView(wanted: string | undefined): string | undefined {
  return wanted === undefined || isLocal(wanted) || wanted === treeView ? undefined : wanted;
}
