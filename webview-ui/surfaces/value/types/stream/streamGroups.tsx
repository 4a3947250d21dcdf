import { useState } from 'preact/hooks';
import { bytesOfBase64 } from '../../../../app/bytes';
import { nameOfBytes } from '../../../../app/escapedText';
import { formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { EmptyState } from '../../../../components/emptyState';
import { Grid } from '../../../../components/grid';
import type { Column } from '../../../../components/gridColumns';
import type { PageByKind } from '../../page';
import { Split } from '../../split';
import type { ValueModel } from '../../valueModel';
import { GroupDetail } from './groupDetail';
import { NewGroup } from './newGroup';

type Group = PageByKind['stream']['groups'][number];

const columns = (): Column<Group>[] => [
  { id: 'group.name', title: t('Group'), width: 'minmax(80px, 1fr)', draw: (group) => nameOf(group) },
  numeric('group.consumers', t('Consumers'), (group) => group.consumers),
  numeric('group.pending', t('Pending'), (group) => group.pending),
  numeric('group.lag', t('Lag'), (group) => group.lag),
];

function numeric(id: string, title: string, count: (group: Group) => number | undefined): Column<Group> {
  const draw = (group: Group): string => {
    const value = count(group);
    return value === undefined ? '?' : formatCount(value);
  };
  return { id, title, width: 'minmax(48px, 84px)', numeric: true, draw };
}

function nameOf({ name }: Group) {
  return <bdi dir="ltr">{nameOfBytes(bytesOfBase64(name))}</bdi>;
}

interface StreamGroupsProps {
  readonly model: ValueModel;
  readonly groups: readonly Group[];
}

/** The consumer groups of a stream: who reads it, and what waits to be acknowledged. */
export function StreamGroups({ model, groups }: StreamGroupsProps) {
  const [chosen, setChosen] = useState(groups[0]?.name);
  const group = groups.find(({ name }) => name === chosen);
  return (
    <Split
      start={
        <section class="rows" aria-label={t('Consumer groups')}>
          <NewGroup model={model} />
          <Grid
            label={t('Consumer groups')}
            columns={columns()}
            rows={groups}
            keyOf={({ name }) => name}
            chosen={chosen}
            onChoose={({ name }) => setChosen(name)}
            emptyText={t('No consumer groups')}
          />
        </section>
      }
      end={
        group ? (
          <GroupDetail key={group.name} model={model} group={group} />
        ) : (
          <EmptyState
            icon="organization"
            title={t('No group chosen')}
            text={t('A consumer group shares the entries of a stream among its consumers.')}
          />
        )
      }
    />
  );
}
