import { strict as assert } from 'node:assert';
import type { Endpoint } from '../../../src/engine/connections/profile';
import {
  bindingOf,
  passwordChanges,
  type BoundSettings,
} from '../../../src/engine/connections/secretBinding';
import { againText } from '../../../src/extension/bindingWords';
import { plainLine } from '../../../src/extension/plainText';
import { aProfile } from '../../helpers/ports';

const translate = (message: string, ...values: (string | number)[]) =>
  message.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)]));

/** The whole prompt as the editor shows it. */
function prompt(bound: BoundSettings, now: BoundSettings): string {
  const changes = passwordChanges(bindingOf(bound), bindingOf(now));
  return plainLine(againText('password', changes, translate));
}

const tcp = (host: string): Endpoint => ({ kind: 'tcp', host, port: 6379 });
const hosts = (length: number, name = 'cache'): Endpoint[] =>
  Array.from({ length }, (_, i) => tcp(`${name}-${i}.eu-central-1.example.internal`));
const memcached: BoundSettings = aProfile(1, {
  engine: 'memcached',
  auth: { method: 'password', username: 'app', secret: 'stored' },
  endpoints: hosts(64),
});

describe('the question for a secret that is not used', () => {
  it('names the new address, of however many one was replaced', () => {
    const endpoints = [...hosts(40), tcp('evil.example'), ...hosts(64).slice(41)];
    assert.match(
      prompt(memcached, { ...memcached, endpoints }),
      /\(new: evil\.example:6379; gone: cache-40\.eu-central-1\.example\.internal:6379\)/,
    );
  });

  it('names the first of many new addresses, and says how many more there are', () => {
    const text = prompt(memcached, { ...memcached, endpoints: hosts(64, 'evil') });
    assert.match(
      text,
      /new: evil-0\.\S+, evil-1\.\S+, evil-10\.\S+ and 61 more; gone: cache-0\.\S+ and 63 more\)/,
    );
  });

  it('says what was only added, or only taken away', () => {
    const [more, fewer] = [hosts(65), hosts(63)].map((endpoints) => ({ ...memcached, endpoints }));
    assert.match(prompt(memcached, more!), /\(new: cache-64\.[^;]*:6379\)/);
    assert.match(prompt(memcached, fewer!), /\(gone: cache-63\.[^;]*:6379\)/);
  });

  it('is shown whole, however long everything in it is', () => {
    const filled = (letter: string, on: boolean): BoundSettings => ({
      engine: 'memcached',
      endpoints: Array.from({ length: 64 }, (_, i) => tcp(`${letter.repeat(240)}${i}.example`)),
      auth: { method: on ? 'sasl' : 'password', username: letter.repeat(512), secret: 'stored' },
      tls: { enabled: true, verify: on, caFile: letter.repeat(4096), servername: letter.repeat(255) },
    });
    const text = prompt(filled('a', true), filled('b', false));
    assert.match(text, /new: b{30,}….*\.example:6379, .* and 61 more; gone: a{30,}…/);
    assert.match(
      text,
      /not verified any more; .*user name was a+…a+ and is b+….*authority.*server name of TLS/,
    );
    assert.match(text, /save it again\.$/);
    assert.equal((text.match(/…/g) ?? []).length, 10, 'each value is cut by itself, and the sentence is not');
  });

  it('says how one signs in in words', () => {
    assert.match(
      prompt(memcached, { ...memcached, engine: 'redis' }),
      /the way to sign in was a password \(Memcached\) and is a password \(Redis\)/,
    );
  });
});
