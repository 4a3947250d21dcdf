import { useState } from 'preact/hooks';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { InlineForm } from '../../components/inlineForm';
import { MomentField } from '../../components/momentField';
import { Select } from '../../components/select';
import { TextField } from '../../components/textField';
import { secondsOf, secondsUntil, type TtlUnit } from './ttl';

interface TtlEditorProps {
  readonly expires: boolean;
  readonly busy: boolean;
  readonly onSet: (seconds: number) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

/** Sets when the key expires: after a time, or at a moment; or never. */
export function TtlEditor({ expires, busy, onSet, onRemove, onClose }: TtlEditorProps) {
  const [mode, setMode] = useState<'after' | 'at'>('after');
  const [amount, setAmount] = useState('');
  const [unit, setUnit] = useState<TtlUnit>('minutes');
  const [moment, setMoment] = useState('');
  const seconds = mode === 'after' ? secondsOf(amount, unit) : secondsUntil(moment, Date.now());
  const typed = mode === 'after' ? amount !== '' : moment !== '';
  const problem = typed && seconds === undefined ? problemOf(mode) : undefined;
  const set = (): void => {
    if (seconds !== undefined && !busy) onSet(seconds);
  };
  return (
    <InlineForm label={t('Edit TTL')} onEnter={set} onClose={onClose}>
      <Select id="ttl-mode" label={t('Expire')} hideLabel value={mode} onChange={setMode} options={modes()} />
      {mode === 'after' ? (
        <>
          <TextField
            id="ttl-amount"
            label={t('Time')}
            hideLabel
            narrow
            value={amount}
            onInput={setAmount}
            maxLength={12}
          />
          <Select
            id="ttl-unit"
            label={t('Unit')}
            hideLabel
            value={unit}
            onChange={setUnit}
            options={units()}
          />
        </>
      ) : (
        <MomentField id="ttl-moment" label={t('Moment')} value={moment} onInput={setMoment} />
      )}
      <Button label={t('Set TTL')} disabled={seconds === undefined || busy} onClick={set} />
      <Button label={t('Remove TTL')} disabled={!expires || busy} onClick={onRemove} />
      <Button label={t('Cancel')} onClick={onClose} />
      {problem ? <Problem text={problem} /> : null}
    </InlineForm>
  );
}

function Problem({ text }: { readonly text: string }) {
  return (
    <p class="field-error" role="alert">
      {text}
    </p>
  );
}

function problemOf(mode: 'after' | 'at'): string {
  return mode === 'after' ? t('Enter a number above 0.') : t('Choose a moment in the future.');
}

function modes(): { readonly value: 'after' | 'at'; readonly label: string }[] {
  return [
    { value: 'after', label: t('Expire after') },
    { value: 'at', label: t('Expire at') },
  ];
}

function units(): { readonly value: TtlUnit; readonly label: string }[] {
  return [
    { value: 'seconds', label: t('seconds') },
    { value: 'minutes', label: t('minutes') },
    { value: 'hours', label: t('hours') },
    { value: 'days', label: t('days') },
  ];
}
