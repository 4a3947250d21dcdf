import assert from 'node:assert/strict';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { EditorSecrets } from '../../../src/extension/panels/editorSecrets';
import { aProfile, keptFor } from '../../helpers/ports';

const saved = aProfile(1, { auth: { method: 'password', secret: 'stored' } });
const moved: ConnectionProfile = { ...saved, endpoints: [{ kind: 'tcp', host: 'moved', port: 1 }] };
const tls = { enabled: true, verify: true, certificateFile: 'c', keyFile: 'k' };

function editorOf(profile: ConnectionProfile, secrets: { password?: string; keyPassphrase?: string }) {
  const editor = new EditorSecrets();
  editor.load(keptFor(profile, secrets));
  return editor;
}

describe('the secrets of a connection editor', () => {
  it('are neither tested nor saved with another address than they were saved for', () => {
    const editor = editorOf(saved, { password: 'saved' });
    assert.deepEqual(editor.usableFor(saved), { password: 'saved' });
    assert.deepEqual(editor.usableFor(moved), {});
    assert.deepEqual(editor.withheldFrom(moved), [
      { which: 'password', changes: [{ what: 'address', added: ['moved:1'], gone: ['127.0.0.1:1'] }] },
    ]);
    assert.deepEqual(editor.withheldFrom(saved), [], 'typed back, it is as before');
  });

  it('are what was entered for the new address, or none once the person forgets the old one', () => {
    const editor = editorOf(saved, { password: 'saved' });
    editor.enter({ password: 'typed' });
    assert.deepEqual([editor.usableFor(moved), editor.withheldFrom(moved)], [{ password: 'typed' }, []]);
    editor.forget('password');
    assert.deepEqual([editor.usableFor(moved), editor.withheldFrom(moved)], [{}, []]);
    assert.equal(editor.has('password'), false);
  });

  it('are asked for only where they are used', () => {
    const editor = editorOf(saved, { password: 'saved' });
    for (const auth of [
      { method: 'none', secret: 'stored' },
      { method: 'password', secret: 'ask' },
    ] as const)
      assert.deepEqual(editor.withheldFrom({ ...moved, auth }), []);
  });

  it('hold a passphrase for its key, wherever the server is', () => {
    const editor = editorOf({ ...saved, tls }, { keyPassphrase: 'phrase' });
    assert.deepEqual(editor.usableFor({ ...moved, tls }), { keyPassphrase: 'phrase' });
    const other = { ...saved, tls: { ...tls, keyFile: 'other' } };
    assert.deepEqual(
      editor.withheldFrom(other).map(({ which }) => which),
      ['keyPassphrase'],
    );
  });
});
