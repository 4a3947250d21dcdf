import { isUtf8 } from 'node:buffer';
import type { Face } from '../../engine/values/views/codec';
import { encodeUtf8 } from '../../engine/values/views/encodeUtf8';
import { textNotes } from '../../engine/values/views/textNotes';

/** UTF-8; a byte order mark stays. */
export const textFace: Face = {
  name: 'text',
  title: 'Text',
  readOnlyReason: 'These bytes are not valid UTF-8: saving the text would change them',
  fit: () => 'sure',
  show(bytes) {
    const text = bytes.toString('utf8');
    return { text, language: 'plaintext', notes: isUtf8(bytes) ? textNotes(text) : [] };
  },
  read: encodeUtf8,
};
