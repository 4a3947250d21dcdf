import assert from 'node:assert/strict';
import { oldestServed } from '../../../src/engine/connections/oldestServed';

describe('The oldest server served', () => {
  const of = (product: 'redis' | 'valkey' | 'memcached', version: string): string | undefined =>
    oldestServed({ product, version, tls: false });

  it('is named to whoever has an older one', () => {
    for (const version of ['2.8.24', '6.0.16', '6.2.14']) assert.equal(of('redis', version), '7.0');
    for (const version of ['1.4.39', '1.5', '1.6', '1.6.9', '1.6.17-dev'])
      assert.equal(of('memcached', version), '1.6.18');
  });

  it('is nothing to whoever has that, a newer one, or one that does not tell', () => {
    for (const version of ['7.0', '7.0.15', '7.2.4', '8.0.6', '10.0.0', 'unknown', ''])
      assert.equal(of('redis', version), undefined);
    for (const version of ['1.6.18', '1.6.45', '1.7', '2']) assert.equal(of('memcached', version), undefined);
    assert.equal(of('valkey', '7.2.5'), undefined);
  });
});
