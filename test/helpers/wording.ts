import { wordingOf } from '../../src/extension/wording';

/** English, as an editor without a language pack says it. */
export const english = wordingOf(
  (message, ...values) => message.replace(/\{(\d+)\}/g, (_, at: string) => String(values[Number(at)])),
  'en-US',
);
