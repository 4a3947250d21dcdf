import { effect } from '@preact/signals';
import { readPageState, writePageState } from '../../app/rpc';
import { columnWidths, restoreColumnWidths } from '../../components/gridColumns';
import { livePeriods } from './liveRefresh';
import type { ValueModel } from './valueModel';

/** Takes up what the page showed before a reload, and keeps it until the returned function is called: layout and place, never a value. */
export function keepLayout(model: ValueModel): () => void {
  const { widths, live, descending } = readPageState().layout ?? {};
  restoreColumnWidths(widths);
  model.live.period.value = livePeriods.find((seconds) => seconds === live) ?? 0;
  model.reading.descending.value = descending === true;
  return effect(() => {
    writePageState({
      layout: {
        widths: columnWidths.value,
        live: model.live.period.value,
        descending: model.reading.descending.value,
      },
    });
  });
}
