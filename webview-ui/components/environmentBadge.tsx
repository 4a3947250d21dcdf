import { t } from '../app/l10n';

export type Environment = 'dev' | 'staging' | 'prod';

/** DEV, STAGING or PROD: the word, and a colour of its own. */
export function EnvironmentBadge({ environment }: { readonly environment: Environment }) {
  const words = { dev: t('DEV'), staging: t('STAGING'), prod: t('PROD') };
  return <span class={`environment environment-${environment}`}>{words[environment]}</span>;
}
