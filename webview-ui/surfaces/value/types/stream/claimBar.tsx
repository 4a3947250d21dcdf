import { useState } from 'preact/hooks';
import { base64OfBytes } from '../../../../app/bytes';
import { parseEscaped } from '../../../../app/escapedText';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { TextField } from '../../../../components/textField';

interface ClaimBarProps {
  readonly disabled: boolean;
  /** `consumer` is base64. */
  readonly onClaim: (consumer: string, minIdleMs: number) => void;
}

/** Gives the selected entries to another consumer, if they have been idle long enough. */
export function ClaimBar({ disabled, onClaim }: ClaimBarProps) {
  const [consumer, setConsumer] = useState('');
  const [idle, setIdle] = useState('60');
  const parsed = parseEscaped(consumer);
  const seconds = /^\d{1,9}$/.test(idle) ? Number(idle) : undefined;
  const valid = consumer !== '' && 'bytes' in parsed && seconds !== undefined;
  return (
    <>
      <TextField
        id="claim-consumer"
        label={t('Consumer')}
        placeholder={t('Consumer')}
        hideLabel
        value={consumer}
        onInput={setConsumer}
      />
      <TextField
        id="claim-idle"
        label={t('Idle for at least, seconds')}
        placeholder={t('Idle s')}
        hideLabel
        narrow
        value={idle}
        onInput={setIdle}
        maxLength={9}
      />
      <span class="secondary">{t('s idle or more')}</span>
      <Button
        label={t('Claim')}
        disabled={disabled || !valid}
        hint={t('Gives the selected entries to the consumer, if they were idle for so many seconds')}
        onClick={() => {
          if (valid) onClaim(base64OfBytes(parsed.bytes), seconds * 1000);
        }}
      />
    </>
  );
}
