import { useRef } from 'preact/hooks';
import type { DatasetDto, ImpactDto, PolicyForm } from '../../../src/protocol/governance';
import { formatDay } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { Checkbox } from '../../components/checkbox';
import { NoticeBar } from '../../components/noticeBar';
import { TextField } from '../../components/textField';
import { useFirstFocus } from '../../components/useFirstFocus';
import { useReturnFocus } from '../../components/useReturnFocus';
import { datasetWords, recordsText, sizeText } from './datasetWords';
import type { PolicyEdit, PolicyEdits } from './policyEdits';
import { isSame, type PolicyField, problemsOf } from './policyForm';

interface EditorProps {
  readonly edits: PolicyEdits;
  readonly of: DatasetDto;
  readonly edit: PolicyEdit;
  readonly locked: string | undefined;
}

/** The policy of one dataset as a form; nothing holds before it is saved. Enter saves, Escape gives up. */
export function PolicyEditor({ edits, of, edit, locked }: EditorProps) {
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box);
  useFirstFocus(box);
  const { name } = datasetWords(of.dataset);
  const hindrance = locked ?? hindranceOf(edit.form, of);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') void edits.giveUp(of.dataset);
    const isField = event.target instanceof HTMLElement && event.target.matches('vscode-text-field');
    if (event.key === 'Enter' && isField && hindrance === undefined && !edit.impact)
      void edits.save(of.dataset);
  };
  return (
    <div class="policy" role="group" aria-label={t('Policy of {0}', name)} ref={box} onKeyDown={onKeyDown}>
      <PolicyFields edits={edits} of={of} edit={edit} />
      {edit.impact ? (
        <Question edits={edits} of={of} impact={edit.impact} saving={edit.saving} />
      ) : (
        <div class="policy-acts">
          <Button
            label={edit.saving ? t('Saving…') : t('Save policy')}
            disabled={edit.saving || hindrance !== undefined}
            hint={hindrance}
            onClick={() => void edits.save(of.dataset)}
          />
          <Button label={t('Cancel')} onClick={() => void edits.giveUp(of.dataset)} />
        </div>
      )}
    </div>
  );
}

/** Why a policy cannot be saved as it is typed. */
function hindranceOf(form: PolicyForm, { policy }: DatasetDto): string | undefined {
  if (problemsOf(form).size > 0) return t('Correct what is marked first');
  return isSame(form, policy) ? t('Nothing was changed yet') : undefined;
}

function PolicyFields({ edits, of, edit }: Omit<EditorProps, 'locked'>) {
  const { dataset } = of;
  const change = (part: Partial<PolicyForm>): void => edits.edit(dataset, part);
  const problems = problemsOf(edit.form);
  const field = (name: PolicyField, label: string, help: string) => (
    <TextField
      id={`policy-${dataset}-${name}`}
      label={label}
      help={help}
      narrow
      value={edit.form[name]}
      error={problems.get(name)}
      disabled={edit.saving}
      maxLength={20}
      onInput={(value) => change({ [name]: value })}
    />
  );
  return (
    <div class="policy-fields">
      {field('retentionDays', t('Days'), t('Older records go.'))}
      {field('budget', t('Budget (MiB)'), t('Database and payload files.'))}
      {field('minimumKept', t('Newest kept'), t('Whatever their age and size.'))}
      <Checkbox
        id={`policy-${dataset}-auto`}
        label={t('Let the oldest go when the budget is used up')}
        help={t('Otherwise nothing new is recorded then.')}
        checked={edit.form.autoPurgeOldest}
        disabled={edit.saving}
        onChange={(autoPurgeOldest) => change({ autoPurgeOldest })}
      />
    </div>
  );
}

interface QuestionProps extends Pick<EditorProps, 'edits' | 'of'> {
  readonly impact: ImpactDto;
  readonly saving: boolean;
}

/** Said before a policy is saved that takes records at once. */
function Question({ edits, of, impact, saving }: QuestionProps) {
  const records = recordsText(impact.rows);
  const left =
    impact.oldestLeftAt === undefined
      ? t('None is left.')
      : t('The oldest one left is of {0}.', formatDay(impact.oldestLeftAt));
  const text = t('At the next run {0} go, {1}. {2} This cannot be undone.', records, sizeText(impact), left);
  return (
    <NoticeBar kind="warning" text={text} urgent>
      <Button
        label={saving ? t('Saving…') : t('Save and let {0} go', records)}
        disabled={saving}
        onClick={() => void edits.save(of.dataset)}
      />
      <Button label={t('Back')} disabled={saving} onClick={() => edits.reconsider(of.dataset)} />
    </NoticeBar>
  );
}
