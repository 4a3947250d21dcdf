import * as v from 'valibot';
import { invalid } from './errors';

/** Parses `input` or throws VALIDATION_ERROR naming the field at fault; the input itself is never quoted. */
export function parseWith<const S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  what: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortPipeEarly: true });
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => ({ field: v.getDotPath(issue) ?? '', text: issueText(issue) }));
  const first = issues[0] ?? { field: '', text: 'is not valid' };
  throw invalid(`${what}: ${first.field ? `${first.field} ` : ''}${first.text}`, {
    field: first.field,
    fields: issues.map((issue) => issue.field).join(','),
  });
}

function issueText(issue: v.BaseIssue<unknown>): string {
  // valibot's default messages quote the received input, which may be a secret
  return issue.message.startsWith('Invalid') ? `must be ${issue.expected ?? 'valid'}` : issue.message;
}
