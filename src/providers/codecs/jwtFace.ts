import { invalid } from '../../engine/kernel/errors';
import type { Face } from '../../engine/values/views/codec';
import { layOutJson, readable } from '../../engine/values/views/jsonLayout';

const pattern = /^(?:Bearer )?([\w-]{4,})\.([\w-]{2,})\.([\w-]*)$/;
/** Longest token that is looked at. */
const maxLength = 64 * 1024;

/** A JSON Web Token: its header and payload. The signature is not verified. */
export const jwtFace: Face = {
  name: 'jwt',
  title: 'JWT',
  readOnlyReason: 'A changed token would need a new signature: choose Text to edit it as it is',
  fit: (bytes) => (bytes.length <= maxLength && partsOf(bytes) ? 'sure' : 'no'),
  show(bytes) {
    const parts = partsOf(bytes);
    if (!parts) throw invalid('This is not a JSON Web Token');
    const { header, payload } = parts;
    const laidOut = layOutJson(`{"header":${header},"payload":${payload}}`, readable);
    if ('problem' in laidOut) throw invalid('This is not a JSON Web Token');
    return {
      text: laidOut.text,
      language: 'json',
      notes: ['The signature was not verified', ...timeNotes(payload)],
    };
  },
};

function partsOf(bytes: Buffer): { readonly header: string; readonly payload: string } | undefined {
  const [, first = '', second = ''] = pattern.exec(bytes.toString('latin1').trim()) ?? [];
  const header = objectIn(first);
  const payload = objectIn(second);
  return header !== undefined && payload !== undefined && header.includes('"alg"')
    ? { header, payload }
    : undefined;
}

function objectIn(base64url: string): string | undefined {
  const text = Buffer.from(base64url, 'base64url').toString('utf8').trim();
  const isObject = text.startsWith('{') && !('problem' in layOutJson(text, readable));
  return isObject ? text : undefined;
}

const claims = new Map([
  ['iat', 'Issued'],
  ['nbf', 'Not valid before'],
  ['exp', 'Expires'],
]);

function timeNotes(payload: string): readonly string[] {
  return [...claims].flatMap(([claim, words]) => {
    const seconds = new RegExp(`"${claim}"\\s*:\\s*(\\d{1,11})(?:\\.\\d+)?\\s*[,}]`).exec(payload)?.[1];
    return seconds === undefined ? [] : [`${words}: ${new Date(Number(seconds) * 1000).toISOString()}`];
  });
}
