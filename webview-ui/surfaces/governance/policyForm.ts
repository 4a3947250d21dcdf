import type { PolicyDto, PolicyForm } from '../../../src/protocol/governance';
import { t } from '../../app/l10n';

const mebibyte = 1024 * 1024;

/** Fields of a policy that are typed. */
export type PolicyField = 'retentionDays' | 'budget' | 'minimumKept';

/** A policy as text to edit. */
export function formOf(policy: PolicyDto): PolicyForm {
  return {
    retentionDays: String(policy.retentionDays),
    budget: String(Number((policy.budgetBytes / mebibyte).toFixed(2))),
    minimumKept: String(policy.minimumKept),
    autoPurgeOldest: policy.autoPurgeOldest,
  };
}

/** What is wrong with each field, as a sentence. */
export function problemsOf(form: PolicyForm): ReadonlyMap<PolicyField, string> {
  const problems = new Map<PolicyField, string>();
  if (!isWhole(form.retentionDays, 1, 3650))
    problems.set('retentionDays', t('Enter whole days from 1 to 3650.'));
  if (!isBudget(form.budget)) problems.set('budget', t('Enter from 1 to 65536 MiB.'));
  if (!isWhole(form.minimumKept, 0, 1_000_000))
    problems.set('minimumKept', t('Enter a whole number from 0 to 1000000.'));
  return problems;
}

/** The policy that a form without problems means. */
export function policyOf(form: PolicyForm): PolicyDto {
  return {
    retentionDays: Number(form.retentionDays),
    budgetBytes: Math.round(decimal(form.budget) * mebibyte),
    minimumKept: Number(form.minimumKept),
    autoPurgeOldest: form.autoPurgeOldest,
  };
}

/** Whether a form says what the policy says already. */
export function isSame(form: PolicyForm, policy: PolicyDto): boolean {
  const before = formOf(policy);
  return (
    before.retentionDays === form.retentionDays.trim() &&
    before.budget === form.budget.trim() &&
    before.minimumKept === form.minimumKept.trim() &&
    before.autoPurgeOldest === form.autoPurgeOldest
  );
}

function isWhole(text: string, least: number, most: number): boolean {
  return /^\s*\d+\s*$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function isBudget(text: string): boolean {
  return /^\s*\d+([.,]\d{1,2})?\s*$/.test(text) && decimal(text) >= 1 && decimal(text) <= 65_536;
}

function decimal(text: string): number {
  return Number(text.replace(',', '.'));
}
