import * as v from 'valibot';

const bundleText = v.object({
  lang: v.optional(v.string(), 'en'),
  bundle: v.optional(v.record(v.string(), v.string()), {}),
});

let language = 'en';
let bundle = new Map<string, string>();

/** Takes the language and the translations, as JSON; what cannot be read leaves English. */
export function useTranslations(json: string | null | undefined): void {
  const parsed = v.safeParse(bundleText, readJson(json));
  if (!parsed.success) return;
  language = parsed.output.lang;
  bundle = new Map(Object.entries(parsed.output.bundle));
}

function readJson(json: string | null | undefined): unknown {
  try {
    return JSON.parse(json ?? '{}');
  } catch {
    // A damaged bundle must not keep the panel from opening: the texts in the code are English.
    return {};
  }
}

/** BCP 47 tag of the editor's language. */
export function locale(): string {
  return language;
}

/** The text in the editor's language, `{0}` and so on replaced by the arguments. */
export function t(message: string, ...values: readonly (string | number)[]): string {
  const text = bundle.get(message) ?? message;
  return text.replace(/\{(\d+)\}/g, (whole, at: string) => String(values[Number(at)] ?? whole));
}
