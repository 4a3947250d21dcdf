import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { TextField } from '../../components/textField';
import { countOf, type Search } from './searching';
import type { ValueModel } from './valueModel';

interface FindBarProps {
  readonly model: ValueModel;
  readonly label: string;
  readonly find: string;
  readonly onFind: (text: string) => void;
  /** Loaded rows that match, loaded rows, and rows there are. */
  readonly found: number;
  readonly loaded: number;
  readonly total: number;
  /** What "go to" asks for; undefined where rows have no position. */
  readonly position: string | undefined;
  readonly children: ComponentChildren;
}

/** Finds in the loaded rows while typing; Enter searches the whole value on the server. */
export function FindBar(props: FindBarProps) {
  const { model, label, find, children } = props;
  const search = model.searching.search.value;
  const onFind = (text: string): void => {
    model.searching.clear();
    props.onFind(text);
  };
  const searchAll = (): void => {
    if (find) void model.searching.start(find);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') searchAll();
    if (event.key === 'Escape' && find) onFind('');
  };
  return (
    <div class="find">
      <div class="rows-bar" onKeyDown={onKeyDown}>
        <TextField id="find" label={label} placeholder={label} hideLabel value={find} onInput={onFind} />
        {props.position === undefined ? null : <GoTo model={model} label={props.position} />}
        {children}
      </div>
      {search ? (
        <SearchState model={model} search={search} total={props.total} onClear={() => onFind('')} />
      ) : null}
      {find && !search ? <Filtered {...props} onSearchAll={searchAll} /> : null}
    </div>
  );
}

function Filtered({
  found,
  loaded,
  total,
  onSearchAll,
}: FindBarProps & { readonly onSearchAll: () => void }) {
  return (
    <div class="rows-found" role="status">
      <span>{t('{0} found in {1} loaded', formatCount(found), formatCount(loaded))}</span>
      {loaded < total ? (
        <Button label={t('Search all {0}', formatCount(total))} onClick={onSearchAll} />
      ) : null}
    </div>
  );
}

interface SearchStateProps {
  readonly model: ValueModel;
  readonly search: Search;
  readonly total: number;
  readonly onClear: () => void;
}

/** How far the search of the whole value is, and what can be done about it. */
export function SearchState({ model, search, total, onClear }: SearchStateProps) {
  const { examined, state, failure } = search;
  const progress = t(
    '{0} found, {1} of {2} searched',
    formatCount(countOf(search)),
    formatCount(Math.min(examined, total)),
    formatCount(total),
  );
  return (
    <div class="rows-found" role="status">
      <span>
        {progress}
        {failure ? ` · ${failure.message}` : ''}
      </span>
      {state === 'running' ? <Button label={t('Stop')} onClick={() => model.searching.stop()} /> : null}
      {state === 'stopped' || state === 'full' ? (
        <Button label={t('Search on')} onClick={() => void model.searching.resume()} />
      ) : null}
      <Button label={t('Clear')} onClick={onClear} />
    </div>
  );
}

function GoTo({ model, label }: { readonly model: ValueModel; readonly label: string }) {
  const [position, setPosition] = useState('');
  const go = (): void => {
    if (position !== '') void model.jump(position);
  };
  return (
    <div
      class="go-to"
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.stopPropagation();
        go();
      }}
    >
      <TextField
        id="go-to"
        label={label}
        placeholder={label}
        hideLabel
        narrow
        value={position}
        onInput={(text) => setPosition(text.replace(/[^\d-]/g, ''))}
        maxLength={42}
      />
    </div>
  );
}
