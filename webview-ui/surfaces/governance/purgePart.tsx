import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GovernanceState } from '../../../src/protocol/governance';
import { t } from '../../app/l10n';
import { useReturnFocus } from '../../components/useReturnFocus';
import { recordsText } from './datasetWords';
import type { GovernanceModel } from './governanceModel';
import { PurgeChoiceForm } from './purgeChoiceForm';
import type { PurgeFlow } from './purgeFlow';
import { PurgePreview } from './purgePreview';
import { PurgeEnded, PurgeRunning } from './purgeResult';

interface PartProps {
  readonly model: GovernanceModel;
  readonly state: GovernanceState;
}

type Step = 'choice' | 'preview' | 'running' | 'ended';

/** The purge, a step at a time: choose, look and confirm, wait, result. Nothing while it is closed. */
export function PurgePart({ model, state }: PartProps) {
  const flow = model.purge;
  return flow.isOpen.value ? <Steps model={model} state={state} step={stepOf(flow)} /> : null;
}

function stepOf({ shown }: PurgeFlow): Step {
  const purge = shown.value;
  if (!purge) return 'choice';
  if (purge.running) return 'running';
  return purge.progress ? 'ended' : 'preview';
}

function Steps({ model, state, step }: PartProps & { readonly step: Step }) {
  const flow = model.purge;
  const part = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useReturnFocus(part);
  // Each step takes away what had the focus: it goes to the title, which says what comes.
  useLayoutEffect(() => title.current?.focus(), [step, flow.calls.value]);
  const purge = flow.shown.value;
  return (
    <section class="purge" aria-labelledby="purge-title" ref={part}>
      <h2 id="purge-title" tabIndex={-1} ref={title}>
        {titleOf(step, flow)}
      </h2>
      {contentOf()}
    </section>
  );

  function contentOf(): ComponentChildren {
    if (!purge) return <PurgeChoiceForm flow={flow} state={state} />;
    if (step === 'running') return <PurgeRunning flow={flow} purge={purge} />;
    if (step === 'ended') return <PurgeEnded flow={flow} purge={purge} />;
    return <PurgePreview model={model} purge={purge} locked={state.readOnlyBecause} />;
  }
}

function titleOf(step: Step, { rows, shown }: PurgeFlow): string {
  if (step === 'choice') return t('Purge records');
  const records = recordsText(rows.value);
  if (step === 'preview') return rows.value === 0 ? t('Nothing to purge') : t('Purge {0}?', records);
  if (step === 'running') return t('Purging {0}', records);
  return shown.value?.progress?.stopped ? t('The purge stopped before its end') : t('The purge is done');
}
