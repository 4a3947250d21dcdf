import { render } from 'preact';
import * as v from 'valibot';
import { PageBoundary, type Start } from '../components/pageBoundary';
import '../components/toolkit';
import { locale, useTranslations } from './l10n';
import { readPageState, writePageState } from './rpc';

/** Draws a surface once the page is there; `start` builds what it shows and says `ready` to the host. */
export function mount(start: Start): void {
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', () => draw(start), { once: true });
  } else draw(start);
}

function draw(start: Start): void {
  useTranslations(document.getElementById('l10n')?.textContent);
  document.documentElement.lang = locale();
  keepRestoreNote(document.getElementById('restore')?.textContent);
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no #app to draw in');
  render(<PageBoundary start={start} />, root);
}

/** VS Code hands page state to the host when it restores the panel after a restart. */
function keepRestoreNote(json: string | null | undefined): void {
  if (!json) return;
  writePageState({ ...readPageState(), restore: v.parse(v.unknown(), JSON.parse(json)) });
}
