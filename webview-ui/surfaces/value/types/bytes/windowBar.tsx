import { useState } from 'preact/hooks';
import { formatBytes, formatCount } from '../../../../app/format';
import { t } from '../../../../app/l10n';
import { Button } from '../../../../components/button';
import { NoticeBar } from '../../../../components/noticeBar';
import { TextField } from '../../../../components/textField';
import { SearchState } from '../../findBar';
import type { PageByKind } from '../../page';
import type { ValueModel } from '../../valueModel';

/** Bytes of a window. */
const windowSize = 64 * 1024;

interface WindowBarProps {
  readonly page: PageByKind['bytes'];
  /** Bytes on screen. */
  readonly length: number;
  readonly model: ValueModel;
}

/** Which part of a long value is on screen, with ways to the others and a search through all of it. */
export function WindowBar({ page, length, model }: WindowBarProps) {
  const { offset, total } = page;
  const end = offset + length;
  const go = (to: number): void => void model.jump(String(Math.max(0, Math.min(to, total - 1))));
  const text = t(
    'Bytes {0} to {1} of {2}. Values over 1 MiB can be read and saved to a file, or replaced from one.',
    formatCount(offset),
    formatCount(end),
    formatBytes(total),
  );
  return (
    <>
      <NoticeBar kind="locked" text={text}>
        <Button label={t('Start')} disabled={offset === 0} onClick={() => go(0)} />
        <Button label={t('Back')} disabled={offset === 0} onClick={() => go(offset - windowSize)} />
        <Button label={t('Forward')} disabled={end >= total} onClick={() => go(end)} />
        <Button label={t('End')} disabled={end >= total} onClick={() => go(total - windowSize)} />
      </NoticeBar>
      <SearchBytes model={model} total={total} onGo={go} />
    </>
  );
}

interface SearchBytesProps {
  readonly model: ValueModel;
  readonly total: number;
  readonly onGo: (offset: number) => void;
}

function SearchBytes({ model, total, onGo }: SearchBytesProps) {
  const [text, setText] = useState('');
  const search = model.searching.search.value;
  const run = (): void => {
    if (text) void model.searching.start(text);
  };
  return (
    <div class="find">
      <div
        class="rows-bar"
        onKeyDown={(event) => {
          if (event.key === 'Enter') run();
        }}
      >
        <TextField
          id="find-bytes"
          label={t('Find in the whole value…')}
          placeholder={t('Find in the whole value…')}
          hideLabel
          value={text}
          onInput={setText}
        />
        <Button label={t('Find')} disabled={text === ''} onClick={run} />
      </div>
      {search ? (
        <SearchState model={model} search={search} total={total} onClear={() => model.searching.clear()} />
      ) : null}
      {search && search.offsets.length > 0 ? (
        <ul class="offsets" aria-label={t('Matches')} tabIndex={0}>
          {search.offsets.slice(0, 100).map((offset) => (
            <li key={offset}>
              <button type="button" class="link-button" onClick={() => onGo(offset)}>
                {formatCount(offset)}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
