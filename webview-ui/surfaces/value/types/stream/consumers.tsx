import type { GroupPageDto } from '../../../../../src/protocol/valuePage';
import { bytesOfBase64 } from '../../../../app/bytes';
import { nameOfBytes } from '../../../../app/escapedText';
import { formatCount, formatDuration } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import type { ValueModel } from '../../valueModel';

interface ConsumersProps {
  readonly model: ValueModel;
  /** Base64. */
  readonly group: string;
  readonly consumers: GroupPageDto['consumers'];
}

/** The consumers of a group; one that is deleted takes what it had pending with it, so the host asks first. */
export function Consumers({ model, group, consumers }: ConsumersProps) {
  if (consumers.length === 0)
    return <p class="secondary">{t('No consumer has read from this group yet.')}</p>;
  return (
    <ul class="consumers" aria-label={t('Consumers')} tabIndex={0}>
      {consumers.map(({ name, pending, idleMs }) => {
        const label = nameOfBytes(bytesOfBase64(name));
        return (
          <li key={name}>
            <bdi class="data" dir="ltr">
              {label}
            </bdi>
            <span class="secondary">
              {t('{0} pending, idle {1}', formatCount(pending), formatDuration(idleMs))}
            </span>
            <Button
              label={t('Delete the consumer {0}', label)}
              icon="trash"
              iconOnly
              disabled={model.readOnlyReason.value !== undefined || model.saver.busy.value}
              onClick={() =>
                model.change({ kind: 'stream', act: { act: 'deleteConsumer', group, consumer: name } })
              }
            />
          </li>
        );
      })}
    </ul>
  );
}
