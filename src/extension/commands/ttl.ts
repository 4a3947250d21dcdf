import * as vscode from 'vscode';
import type { TtlChange } from '../../engine/connections/ttlChange';
import type { Clock } from '../../engine/kernel/ports';
import { askText } from '../prompts';

const t = vscode.l10n.t;

const secondsOfUnit: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** Numbers with a unit or a space between them; read in one way only, or a long wrong text would take for ever. */
const times = /^\d+(?:(?:\s*(?:s|min|m|h|d|w)\s*|\s+)\d+)*\s*(?:s|min|m|h|d|w)?$/;

/** Seconds of a time to live as people write it: `90`, `15m`, `2h 30m`, `7d`; undefined when it is not one. */
export function parseTtl(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (!times.test(trimmed)) return undefined;
  const parts = [...trimmed.matchAll(/(\d+)\s*([a-z]*)/g)];
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (secondsOfUnit[unit ?? ''] ?? 0),
    0,
  );
  return seconds >= 1 && seconds <= 3_155_760_000 ? seconds : undefined;
}

/** Asks for a time to live of what `names` says; undefined when dismissed. */
export async function askTtl(clock: Clock, names: string): Promise<TtlChange | undefined> {
  const text = await askText({
    title: t('Set time to live of {0}', names),
    prompt: t('For example 90 (seconds), 15m, 2h 30m or 7d'),
    validate: (value) =>
      parseTtl(value) === undefined ? t('Write a time such as 90, 15m, 2h 30m or 7d') : undefined,
  });
  const seconds = text === undefined ? undefined : parseTtl(text);
  return seconds === undefined ? undefined : { mode: 'set', expireAtMs: clock.now() + seconds * 1000 };
}
