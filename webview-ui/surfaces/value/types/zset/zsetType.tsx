import { formatBytes } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import type { Column } from '../../../../components/gridColumns';
import { cellLabel, CellText } from '../../cellText';
import type { Collection } from '../../collection';
import { DirtyMark } from '../../dirtyMark';
import { NewElement } from '../../newElement';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';
import { collectionType } from '../collectionType';
import { MemberDetail } from './memberDetail';
import { scoreProblem } from './score';
import { ScoreField } from './scoreField';

type Row = PageByKind['zset']['rows'][number];

const columns = (model: ValueModel): Column<Row>[] => [
  // As the server wrote it: a score read as a number could lose digits.
  {
    id: 'zset.score',
    title: t('Score'),
    width: 'minmax(72px, 0.4fr)',
    numeric: true,
    draw: (row) => row.score,
  },
  {
    id: 'zset.member',
    title: t('Member'),
    width: 'minmax(80px, 1fr)',
    draw: (row) => (
      <>
        <DirtyMark model={model} target={{ kind: 'zset', member: row.member.bytes, score: row.score }} />
        <CellText cell={row.member} />
      </>
    ),
  },
  {
    id: 'zset.size',
    title: t('Size'),
    width: '64px',
    numeric: true,
    draw: (row) => formatBytes(row.member.size),
  },
];

const collection: Collection<Row> = {
  label: () => t('Members by score'),
  findLabel: () => t('Find in members…'),
  columns,
  keyOf: (row) => row.member.bytes,
  searched: (row) => [row.member],
  addLabel: () => t('Add member'),
  removal: (rows) => ({
    kind: 'elements',
    elements: {
      type: 'zset',
      edits: rows.map(({ member, score }) => ({ member: member.bytes, before: score })),
    },
  }),
  plain: (row) => ({ score: row.score, member: cellLabel(row.member) }),
  reversible: true,
  position: () => t('Go to rank'),
  detail: (row, model) => <MemberDetail key={row.member.bytes} model={model} row={row} />,
  adding: (model) => (
    <NewElement
      model={model}
      target={{ kind: 'zset', score: '' }}
      addLabel={t('Add member')}
      valueLabel={t('New member')}
      isComplete={({ score = '' }) => scoreProblem(score) === undefined}
    >
      {(draft, edit) => (
        <ScoreField id="new-element-score" value={draft.score ?? ''} onInput={(score) => edit({ score })} />
      )}
    </NewElement>
  ),
};

/** Redis sorted sets. */
export const zsetType = collectionType('zset', collection);
