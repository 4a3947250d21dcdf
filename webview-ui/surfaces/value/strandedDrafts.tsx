import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { CodeArea } from '../../components/codeArea';
import { NoticeBar } from '../../components/noticeBar';
import { draftKey } from '../../../src/protocol/draftKey';
import type { Draft } from './draft';
import type { ValueModel } from './valueModel';

/** Unsaved edits whose key is gone or of another type by now: shown to be copied, never saved by themselves. */
export function StrandedDrafts({
  model,
  drafts,
}: {
  readonly model: ValueModel;
  readonly drafts: readonly Draft[];
}) {
  return (
    <section class="stranded" aria-label={t('Your unsaved change')}>
      {drafts.map((draft) => (
        <div key={draftKey(draft.target)} class="stranded-draft">
          <NoticeBar kind="warning" text={t('Your change was not saved. Copy it from here if you need it.')}>
            <Button
              label={t('Discard my change')}
              onClick={() => model.drafts.remove(draftKey(draft.target))}
            />
          </NoticeBar>
          <CodeArea label={t('Your unsaved change')} value={draft.text} readOnly />
        </div>
      ))}
    </section>
  );
}
