import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GroupPageDto } from '../../../../../src/protocol/valuePage';
import type { StreamActDto } from '../../../../../src/protocol/valueChange';
import { bytesOfBase64 } from '../../../../app/bytes';
import { nameOfBytes } from '../../../../app/escapedText';
import { formatCount, formatDuration } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { createResource } from '../../../../app/resource';
import { Button } from '../../../../components/button';
import { ErrorPanel } from '../../../../components/errorPanel';
import { Grid } from '../../../../components/grid';
import type { Column } from '../../../../components/gridColumns';
import { noSelection } from '../../../../components/gridSelection';
import { Progress } from '../../../../components/progress';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import { ClaimBar } from './claimBar';
import { Consumers } from './consumers';
import { GroupPosition } from './groupPosition';

type Pending = GroupPageDto['pending'][number];

const columns = (): Column<Pending>[] => [
  { id: 'pending.id', title: t('Entry'), width: 'minmax(120px, 1fr)', draw: ({ id }) => id },
  {
    id: 'pending.consumer',
    title: t('Consumer'),
    width: 'minmax(72px, 1fr)',
    draw: ({ consumer }) => <bdi dir="ltr">{nameOfBytes(bytesOfBase64(consumer))}</bdi>,
  },
  {
    id: 'pending.idle',
    title: t('Idle'),
    width: 'minmax(56px, 84px)',
    numeric: true,
    draw: ({ idleMs }) => formatDuration(idleMs),
  },
  {
    id: 'pending.deliveries',
    title: t('Deliveries'),
    width: 'minmax(56px, 84px)',
    numeric: true,
    draw: ({ deliveries }) => formatCount(deliveries),
  },
];

interface GroupDetailProps {
  readonly model: ValueModel;
  readonly group: PageByKind['stream']['groups'][number];
}

/** One consumer group: its consumers, and the entries it was given and has not acknowledged. */
export function GroupDetail({ model, group }: GroupDetailProps) {
  const epoch = model.snapshot.value?.epoch;
  const state = useMemo(
    () => createResource((abort) => model.readGroup(group.name, undefined, abort)),
    [group.name],
  );
  useEffect(() => {
    void state.load();
    return () => state.cancel();
  }, [group.name, epoch]);
  const page = state.data.value;
  if (state.failure.value)
    return (
      <ErrorPanel
        title={t('The group could not be read')}
        failure={state.failure.value}
        onRetry={() => void state.load()}
      />
    );
  if (!page) return <Progress text={t('Reading the group…')} />;
  const more = async (cursor: string): Promise<void> => {
    const next = await model
      .readGroup(group.name, cursor, new AbortController().signal)
      .catch((thrown: unknown) => {
        model.saver.report(thrown);
      });
    if (next) state.put({ ...next, pending: [...page.pending, ...next.pending] });
  };
  const name = nameOfBytes(bytesOfBase64(group.name));
  return (
    <section class="group-detail" aria-label={t('Group {0}', name)}>
      <h2 class="data">
        <bdi dir="ltr">{name}</bdi>
      </h2>
      <GroupPosition model={model} group={group} />
      <Consumers model={model} group={group.name} consumers={page.consumers} />
      <PendingEntries model={model} group={group} page={page} onMore={(cursor) => void more(cursor)} />
    </section>
  );
}

interface PendingEntriesProps extends GroupDetailProps {
  readonly page: GroupPageDto;
  readonly onMore: (cursor: string) => void;
}

function PendingEntries({ model, group, page, onMore }: PendingEntriesProps) {
  const [selection, setSelection] = useState(noSelection);
  const locked = model.readOnlyReason.value;
  const ids = page.pending.filter(({ id }) => selection.keys.has(id)).map(({ id }) => id);
  const act = (change: StreamActDto): void =>
    model.change({ kind: 'stream', act: change }, undefined, () => setSelection(noSelection));
  const { cursor } = page;
  const read = t('{0} of {1} read', formatCount(page.pending.length), formatCount(group.pending));
  return (
    <>
      <div class="rows-bar">
        <Button
          label={ids.length > 1 ? t('Acknowledge {0} entries', formatCount(ids.length)) : t('Acknowledge')}
          icon="check"
          disabled={ids.length === 0 || locked !== undefined || model.saver.busy.value}
          hint={locked}
          onClick={() => act({ act: 'acknowledge', group: group.name, ids })}
        />
        <ClaimBar
          disabled={ids.length === 0 || locked !== undefined || model.saver.busy.value}
          onClaim={(consumer, minIdleMs) =>
            act({ act: 'claim', group: group.name, consumer, ids, minIdleMs })
          }
        />
      </div>
      <Grid
        label={t('Pending entries')}
        columns={columns()}
        rows={page.pending}
        total={group.pending}
        keyOf={({ id }) => id}
        chosen={undefined}
        onChoose={() => undefined}
        selection={selection}
        onSelect={setSelection}
        more={
          cursor === undefined
            ? undefined
            : { label: t('Load more ({0})', read), busy: false, load: () => onMore(cursor) }
        }
        emptyText={t('Nothing waits to be acknowledged')}
      />
    </>
  );
}
