import { useRef, useState } from 'preact/hooks';
import { base64OfBytes } from '../../../../app/bytes';
import { parseEscaped } from '../../../../app/escapedText';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { TextField } from '../../../../components/textField';
import { useFirstFocus } from '../../../../components/useFirstFocus';
import { useReturnFocus } from '../../../../components/useReturnFocus';
import { newKey } from '../../../../../src/protocol/draftKey';
import type { ValueModel } from '../../valueModel';

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Adds an entry: an id, `*` for one of the server's, and fields in order. */
export function NewEntry({ model }: { readonly model: ValueModel }) {
  const [id, setId] = useState('*');
  const [pairs, setPairs] = useState<readonly Pair[]>([{ name: '', value: '' }]);
  const box = useRef<HTMLDivElement>(null);
  useReturnFocus(box);
  useFirstFocus(box);
  const fields = fieldsOf(pairs);
  const add = (): void => {
    if (fields)
      model.change({ kind: 'stream', act: { act: 'add', id: id.trim(), fields } }, undefined, close);
  };
  const close = (): void => {
    if (model.chosen.value === newKey) model.chosen.value = undefined;
  };
  const edit = (at: number, change: Partial<Pair>): void =>
    setPairs(pairs.map((pair, each) => (each === at ? { ...pair, ...change } : pair)));
  return (
    <div class="detail" ref={box}>
      <div class="new-element new-entry">
        <TextField
          id="new-entry-id"
          label={t('Entry id')}
          value={id}
          onInput={setId}
          error={idProblem(id)}
          help={t('* lets the server choose; else an id above the last one.')}
        />
        {pairs.map((pair, at) => (
          <PairFields key={at} at={at} pair={pair} onEdit={(change) => edit(at, change)} />
        ))}
        <div class="form-buttons">
          <Button
            label={t('One more field')}
            icon="add"
            onClick={() => setPairs([...pairs, { name: '', value: '' }])}
          />
          <Button label={t('Cancel')} onClick={close} />
          <Button
            label={t('Add entry')}
            kind="primary"
            disabled={!fields || idProblem(id) !== undefined || model.saver.busy.value}
            onClick={add}
          />
        </div>
      </div>
    </div>
  );
}

interface PairFieldsProps {
  readonly at: number;
  readonly pair: Pair;
  readonly onEdit: (change: Partial<Pair>) => void;
}

function PairFields({ at, pair, onEdit }: PairFieldsProps) {
  return (
    <div class="form-row">
      <TextField
        id={`new-entry-name-${at}`}
        label={t('Field {0}', at + 1)}
        value={pair.name}
        onInput={(name) => onEdit({ name })}
        error={problemIn(pair.name)}
      />
      <TextField
        id={`new-entry-value-${at}`}
        label={t('Value {0}', at + 1)}
        value={pair.value}
        onInput={(value) => onEdit({ value })}
        error={problemIn(pair.value)}
        maxLength={1_000_000}
      />
    </div>
  );
}

function problemIn(text: string): string | undefined {
  const parsed = parseEscaped(text);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function idProblem(id: string): string | undefined {
  return /^(\*|\d{1,20}(-(\d{1,20}|\*))?)$/.test(id.trim())
    ? undefined
    : t('An id is * or two numbers: 1700000000000-0.');
}

/** Fields as base64; undefined while one has no name or cannot be read. */
function fieldsOf(pairs: readonly Pair[]): [string, string][] | undefined {
  const fields: [string, string][] = [];
  for (const { name, value } of pairs) {
    const [parsedName, parsedValue] = [parseEscaped(name), parseEscaped(value)];
    if (name === '' || !('bytes' in parsedName) || !('bytes' in parsedValue)) return undefined;
    fields.push([base64OfBytes(parsedName.bytes), base64OfBytes(parsedValue.bytes)]);
  }
  return fields;
}
