import { useState } from 'preact/hooks';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { TextField } from '../../../../components/textField';
import type { ValueModel } from '../../valueModel';

interface PathBarProps {
  readonly model: ValueModel;
  readonly path: string;
  readonly onPath: (path: string) => void;
}

/** Which part of the document is shown and edited; a part can be deleted. */
export function PathBar({ model, path, onPath }: PathBarProps) {
  const [typed, setTyped] = useState(path);
  const locked = model.readOnlyReason.value;
  const go = (): void => onPath(typed.trim() === '' ? '$' : typed.trim());
  const remove = async (): Promise<void> => {
    const seen = await model.readElement({ kind: 'json', path }, new AbortController().signal);
    if (seen) model.removePath(path, seen);
    else void model.reload();
  };
  return (
    <div
      class="rows-bar"
      onKeyDown={(event) => {
        if (event.key === 'Enter') go();
      }}
    >
      <TextField
        id="json-path"
        label={t('Path in the document')}
        placeholder="$.address.city"
        hideLabel
        value={typed}
        onInput={setTyped}
      />
      <Button label={t('Go to path')} onClick={go} />
      <Button
        label={t('Delete path')}
        icon="trash"
        iconOnly
        disabled={path === '$' || locked !== undefined || model.saver.busy.value}
        hint={locked}
        onClick={() => {
          remove().catch((thrown: unknown) => model.saver.report(thrown));
        }}
      />
    </div>
  );
}
