import assert from 'node:assert/strict';
import { restoreHoles } from '../../../src/engine/connections/restoreHoles';
import type { ServerIdentity } from '../../../src/engine/connections/capabilities';

const names = (product: ServerIdentity['product'], version: string): string[] | undefined =>
  restoreHoles({ product, version, tls: false })?.map(({ name }) => name);

const all = ['CVE-2026-25243', 'CVE-2026-63639', 'CVE-2026-25588', 'CVE-2026-25589', 'RedisBloom 1041'];
const core = all.slice(0, 2);

describe('known holes of RESTORE', () => {
  for (const [product, version, expected] of [
    ['redis', '7.4.8', all],
    ['redis', '7.4.9', ['CVE-2026-63639', 'RedisBloom 1041']],
    ['redis', '7.4.10', ['RedisBloom 1041']],
    ['redis', '8.2.8', []],
    ['redis', '8.8.0', ['RedisBloom 1041']],
    ['redis', '8.8.1', []],
    ['redis', '8.10.0', []],
    // branches that got no release without them
    ['redis', '7.0.15', all],
    ['redis', '8.0.6', all],
    ['redis', '5.0.7', all],
    ['valkey', '8.0.8', core],
    ['valkey', '8.0.9', ['CVE-2026-63639']],
    ['valkey', '8.1.9', []],
    ['valkey', '9.1.1', []],
    ['valkey', '10.0.0', []],
    ['valkey', '7.2.12', core],
    ['memcached', '1.6.18', []],
  ] as const)
    it(`of ${product} ${version} are ${expected.join(', ') || 'none'}`, () => {
      assert.deepEqual(names(product, version), expected);
    });

  it('are not known of a server that tells no version', () => {
    for (const version of ['unknown', '', '8', '8.2', '8.2.99999999999', 'x8.2.8'])
      assert.equal(names('redis', version), undefined, version);
  });
});
