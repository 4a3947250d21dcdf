import { invalid } from '../../engine/kernel/errors';
import type { Face } from '../../engine/values/views/codec';

/** Pictures that are drawn as they are. SVG is none of them: it can hold scripts. */
export const imageFace: Face = {
  name: 'image',
  title: 'Picture',
  readOnlyReason: 'A picture can be looked at here, but not edited',
  fit: (bytes) => (imageType(bytes) ? 'sure' : 'no'),
  show(bytes) {
    const type = imageType(bytes);
    if (type === undefined) throw invalid('This is not a picture that can be shown');
    return {
      text: `${type.slice('image/'.length).toUpperCase()} picture, ${bytes.length} bytes`,
      language: 'plaintext',
      imageType: type,
    };
  },
};

/** Each with what the bytes start with, and what stands at another place. */
const marks: readonly { type: string; start: string; also?: readonly [at: number, text: string] }[] = [
  { type: 'image/png', start: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', start: '\xff\xd8\xff' },
  { type: 'image/gif', start: 'GIF87a' },
  { type: 'image/gif', start: 'GIF89a' },
  { type: 'image/webp', start: 'RIFF', also: [8, 'WEBP'] },
  { type: 'image/avif', start: '\0\0\0', also: [4, 'ftypavif'] },
  { type: 'image/bmp', start: 'BM', also: [6, '\0\0\0\0'] },
];

function imageType(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 32).toString('latin1');
  const found = marks.find(
    ({ start, also }) => head.startsWith(start) && (!also || head.startsWith(also[1], also[0])),
  );
  return found?.type;
}
