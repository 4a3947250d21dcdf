import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  isFolderOf,
  parseTarget,
  readablePath,
  targetQuery,
  type DocumentTarget,
} from '../../../src/extension/documents/documentTarget';

const bytes = fc.uint8Array({ maxLength: 60 }).map((part) => Buffer.from(part));
const element = fc.oneof(
  bytes.map((field) => ({ kind: 'hash', field }) as const),
  fc.tuple(fc.nat(), fc.nat()).map(([ms, seq]) => ({ kind: 'stream', id: `${ms}-${seq}` }) as const),
);
const targets = fc.record(
  { connectionId: fc.string(), db: fc.nat(99), key: bytes, namespaceId: fc.string(), element },
  { requiredKeys: ['connectionId', 'db', 'key'], noNullPrototype: true },
);

describe('the address of a document', () => {
  it('holds the whole identity, whatever bytes the key has', () => {
    fc.assert(
      fc.property(targets, (target: DocumentTarget) => {
        const query = targetQuery(target);
        assert.match(query, /^[\w=&-]*$/, 'nothing in it is escaped in an address');
        assert.deepEqual(parseTarget(query), target);
      }),
      { seed: 3 },
    );
  });

  it('refuses what it did not write', () => {
    for (const query of ['', 'c=YQ', 'c=YQ&d=x&k=YQ', 'c=YQ&d=-1&k=YQ', 'd=0&k=YQ', 'c=YQ&d=0&k=YQ&e=YQ'])
      assert.throws(() => parseTarget(query), { code: 'VALIDATION_ERROR' }, query);
  });

  it('reads well, in as many parts as it was given, none of which means another folder', () => {
    assert.equal(readablePath(['orders', 'db 0', 'a/b\\c']), '/Cachify values/orders/db 0/a∕b⧵c');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 3, maxLength: 4 }), (labels) => {
        const parts = readablePath(labels).split('/');
        assert.equal(parts.length, labels.length + 2);
        for (const part of parts.slice(1)) assert.ok(part !== '' && part !== '.' && part !== '..');
      }),
      { seed: 4 },
    );
  });

  it('tells the folders above from the document', () => {
    const target = { connectionId: 'c', db: 0, key: Buffer.from('k') };
    const field = { kind: 'hash', field: Buffer.from('f') } as const;
    assert.equal(isFolderOf('/Cachify values/c/db 0/k', target), false);
    assert.equal(isFolderOf('/Cachify values/c/db 0', target), true);
    assert.equal(isFolderOf('/Cachify values/c/db 0/k', { ...target, element: field }), true);
    assert.equal(isFolderOf('/Cachify values/c/db 0/k/f', { ...target, element: field }), false);
  });
});
