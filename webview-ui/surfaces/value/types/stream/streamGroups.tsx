import { formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { PageByKind } from '../../page';

/** The consumer groups of a stream: who reads it, and how much waits to be acknowledged. */
export function StreamGroups({ groups }: { readonly groups: PageByKind['stream']['groups'] }) {
  if (groups.length === 0) return <p class="groups-none">{t('No consumer groups')}</p>;
  return (
    <div class="groups" tabIndex={0} role="region" aria-label={t('Consumer groups')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('Group')}</th>
            <th scope="col" class="numeric">
              {t('Consumers')}
            </th>
            <th scope="col" class="numeric">
              {t('Pending')}
            </th>
            <th scope="col">{t('Last delivered')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name}>
              <th scope="row" class="data">
                <bdi dir="ltr">{group.name}</bdi>
              </th>
              <td class="numeric">{formatCount(group.consumers)}</td>
              <td class="numeric">{formatCount(group.pending)}</td>
              <td class="data">{group.lastDeliveredId}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
