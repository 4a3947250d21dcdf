import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { parseProfile, type ConnectionProfile } from '../../../src/engine/connections/profile';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import type { ConnectionSecrets } from '../../../src/engine/connections/stores';
import { requireWhole } from '../../../src/engine/transfer/requireWhole';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { requireTool } from '../../../scripts/tools.cjs';
import { startMemcached, type CacheServer, type ServerOptions } from '../../helpers/cacheServer';
import { makeCertificates } from '../../helpers/certificates';
import { startFaultProxy } from '../../helpers/faultProxy';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { partsOf } from '../../helpers/parts';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call, readBytes, scanAll } from '../providerContract';

const id = 'test-connection';
const key = Buffer.from('k');
const create = {
  kind: 'create',
  key,
  value: { type: 'item', bytes: Buffer.from('v'), flags: 9 },
  ttl: { mode: 'keep' },
} as const;

describe('Memcached servers of every kind', () => {
  let folder: string;
  let server: CacheServer | undefined;
  let provider: CacheProvider | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cachify-memcached-kinds-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await provider?.close();
    await server?.stop();
    provider = server = undefined;
  });

  async function start(options: ServerOptions): Promise<CacheServer> {
    return (server = await startMemcached(options));
  }
  async function open(
    port: number,
    changes: Partial<ConnectionProfile> = {},
    secrets: ConnectionSecrets = {},
  ): Promise<CacheProvider> {
    const profile = aProfile(port, { engine: 'memcached', ...changes });
    provider = await memcachedFactory.open({ profile, secrets, db: 0, isReadOnly: () => false }, call);
    return provider;
  }
  const userAnd = (method: 'password' | 'sasl') => ({
    auth: { method, username: 'user', secret: 'stored' } as const,
  });

  it('with -X serve every key by name and say why there is no list', async () => {
    const { port } = await start({ args: ['-X'] });
    const opened = await open(port);
    const { enumerate } = opened.capabilities;
    assert.match(enumerate.available ? '' : enumerate.reason, /-X/);
    await apply(opened, id, create);
    assert.deepEqual(await readBytes(opened, key), Buffer.from('v'));
    await rejectsWith(scanAll(opened), 'NOT_SUPPORTED', 'unsupported');
  });

  it('with -C refuse edits, because another client’s change could be lost', async () => {
    const { port } = await start({ args: ['-C'] });
    const opened = await open(port);
    await apply(opened, id, create);
    const edit = {
      kind: 'item.set',
      key,
      before: Buffer.from('v'),
      after: Buffer.from('w'),
      cas: '0',
      flags: 9,
      ttl: { mode: 'keep' },
    } as const;
    await rejectsWith(apply(opened, id, edit), 'NOT_SUPPORTED', 'unsupported');
    assert.equal(opened.capabilities.compareAndSet.available, false);
  });

  it('with -Y authenticate by user and password, and refuse wrong ones', async () => {
    const file = join(folder, 'users');
    await writeFile(file, 'user:pass\n');
    await chmod(file, 0o644);
    const { port } = await start({ args: ['-Y', file] });
    await rejectsWith(
      open(port, userAnd('password'), { password: 'wrong' }),
      'UNAUTHORIZED',
      'wrong-password',
    );
    await rejectsWith(open(port), 'UNAUTHORIZED', 'password-needed');
    const opened = await open(port, userAnd('password'), { password: 'pass' });
    await apply(opened, id, create);
    assert.equal((await scanAll(opened)).length >= 1, true);
  });

  it('with -Z serve over TLS, verify the certificate, and never fall back to plaintext', async () => {
    const { ca, certificate, key: privateKey } = await makeCertificates(folder);
    const { port } = await start({
      args: ['-Z', '-o', `ssl_chain_cert=${certificate},ssl_key=${privateKey}`],
    });
    const tls = { enabled: true, verify: true, caFile: ca };
    const opened = await open(port, { tls });
    await apply(opened, id, create);
    assert.deepEqual(await readBytes(opened, key), Buffer.from('v'));
    assert.equal((await scanAll(opened)).length, 1);
    await opened.close();
    await rejectsWith(open(port, { tls: { enabled: true, verify: true } }), 'CONNECTION_FAILED', 'tls');
    await rejectsWith(open(port, { tls: { ...tls, servername: 'wrong.test' } }), 'CONNECTION_FAILED', 'tls');
    await rejectsWith(
      open(port, { tls: { ...tls, caFile: join(folder, 'absent') } }),
      'CONNECTION_FAILED',
      'tls',
    );
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.destroy();
  });

  it('G32: a TLS switch on a plaintext server sends no command in plaintext', async () => {
    const plain = await start({});
    const proxy = await startFaultProxy(plain.port);
    const failed = open(
      proxy.port,
      { tls: { enabled: true, verify: true }, ...userAnd('password') },
      { password: 'canary-secret' },
    );
    await rejectsWith(failed, 'CONNECTION_FAILED', 'tls');
    assert.equal(proxy.sent().includes('canary-secret'), false);
    await proxy.close();
  });

  it('G32: SASL together with TLS is refused before anything is sent', async () => {
    const plain = await start({});
    const proxy = await startFaultProxy(plain.port);
    const both = { tls: { enabled: true, verify: true }, ...userAnd('sasl') };
    assert.throws(
      () => parseProfile(aProfile(proxy.port, { engine: 'memcached', ...both })),
      /SASL together with TLS/,
    );
    await rejectsWith(open(proxy.port, both, { password: 'canary-secret' }), 'VALIDATION_ERROR', 'invalid');
    assert.equal(proxy.accepted(), 0);
    await proxy.close();
  });

  it('with SASL only read, create, touch and delete, and say what cannot be done', async () => {
    const { port } = await start(await saslOptions(folder));
    await rejectsWith(open(port, userAnd('sasl'), { password: 'wrong' }), 'UNAUTHORIZED', 'wrong-password');
    await rejectsWith(open(port, userAnd('sasl')), 'UNAUTHORIZED', 'password-needed');
    const opened = await open(port, userAnd('sasl'), { password: 'pass' });
    assert.match(opened.identity.version, /^\d+\.\d+/);
    assert.equal((await apply(opened, id, create)).status, 'applied');
    const again = await apply(opened, id, create);
    assert.equal(again.status === 'conflict' && again.conflict.reason, 'exists');
    assert.deepEqual(await opened.describe(key, call), {
      type: 'item',
      typeName: 'item',
      length: 1,
      flags: 9,
    });
    assert.deepEqual(await readBytes(opened, key), Buffer.from('v'));
    const touched = await apply(opened, id, {
      kind: 'ttl',
      key,
      ttl: { mode: 'set', expireAtMs: Date.now() + 60_000 },
    });
    assert.equal(touched.status, 'applied');
    const edit = {
      kind: 'item.set',
      key,
      before: Buffer.from('v'),
      after: Buffer.from('w'),
      cas: '1',
      flags: 9,
      ttl: { mode: 'keep' },
    } as const;
    await rejectsWith(apply(opened, id, edit), 'NOT_SUPPORTED', 'unsupported');
    assert.equal(opened.capabilities.enumerate.available, false);
    await rejectsWith(scanAll(opened), 'NOT_SUPPORTED', 'unsupported');
    const item = { kind: 'item', bytes: Buffer.from([0, 255]), flags: 3 } as const;
    const load = (name: string, replace: boolean) => {
      const options = { ttl: { mode: 'remove' }, replace } as const;
      return opened.load(Buffer.from(name), partsOf(item, item), options, issuePermit(id, 'load'), call);
    };
    assert.equal((await load('loaded', false)).status, 'applied');
    assert.deepEqual(await readBytes(opened, Buffer.from('loaded')), Buffer.from([0, 255, 0, 255]));
    assert.equal((await load('loaded', false)).status, 'conflict');
    await rejectsWith(load('loaded', true), 'NOT_SUPPORTED', 'unsupported');
    assert.throws(() => {
      requireWhole(opened);
    }, /cannot tell the time to live/);
  });

  it('answer for a Unix socket as for a port', async () => {
    const path = join(folder, 'memcached.sock');
    const args = ['-s', path];
    server = await startMemcached({ args, socket: path });
    const opened = await open(0, { endpoints: [{ kind: 'unix', path }] });
    assert.equal((await apply(opened, id, create)).status, 'applied');
  });

  it('that speak the binary protocol only are told as such, not as silent', async () => {
    const { port } = await start({ args: ['-B', 'binary'] });
    const profile = aProfile(port, { engine: 'memcached' });
    const request = { profile, secrets: {}, db: 0, isReadOnly: () => false };
    await rejectsWith(memcachedFactory.open(request, { timeoutMs: 300 }), 'NOT_SUPPORTED', 'unsupported');
  });

  it('with a busy crawler wait for it and then list all keys', async () => {
    const { port } = await start({});
    const peer = await MemcachedPeer.connect(port);
    await peer.fill(60_000, (i) => `busy:${i}:${'x'.repeat(100)}`);
    const opened = await open(port);
    const hog = await MemcachedPeer.connect(port);
    // the first names have come: the crawler works for the other client
    assert.doesNotMatch(await hog.ask('lru_crawler metadump all\r\n', '\n'), /BUSY/);
    assert.equal(new Set((await scanAll(opened)).map(String)).size, 60_000);
    hog.close();
    peer.close();
  });

  it('that freeze or are killed settle every call, and serve again afterwards', async () => {
    const running = await start({});
    const opened = await open(running.port);
    const short = { timeoutMs: 300 };
    await apply(opened, id, create);
    await running.freeze();
    try {
      await rejectsWith(opened.describe(key, short), 'TIMEOUT', 'timeout');
      await rejectsWith(opened.ping(short), 'TIMEOUT', 'timeout');
    } finally {
      running.resume();
    }
    assert.deepEqual(await readBytes(opened, key), Buffer.from('v'));
    await running.kill();
    // the first call may still meet the dying socket
    await assert.rejects(opened.ping(call), { code: 'CONNECTION_FAILED' });
    await rejectsWith(opened.ping(call), 'CONNECTION_FAILED', 'refused');
    await running.start();
    assert.ok((await opened.ping(call)) >= 0);
  });

  it('whose reply to a write is lost are asked what happened', async () => {
    const running = await start({});
    const proxy = await startFaultProxy(running.port);
    const opened = await open(proxy.port);
    await apply(opened, id, create);
    const cas = (await opened.describe(key, call))?.cas ?? '';
    const edit = {
      kind: 'item.set',
      key,
      before: Buffer.from('v'),
      after: Buffer.from('w'),
      cas,
      flags: 9,
      ttl: { mode: 'keep' },
    } as const;
    proxy.faultWhen((sent) => sent.includes('ms k'), 'drop-replies');
    assert.equal((await apply(opened, id, edit)).status, 'unknown');
    proxy.fault = 'none';
    assert.equal(await opened.wasApplied(edit, call), true);
    await proxy.close();
  });
});

/** A server that speaks SASL only, with one user. */
async function saslOptions(folder: string): Promise<ServerOptions> {
  const database = join(folder, 'sasldb');
  await writeFile(join(folder, 'memcached.conf'), `mech_list: plain\nsasldb_path: ${database}\n`);
  const args = ['-p', '-c', '-a', 'memcached', '-u', hostname(), '-f', database, 'user'];
  await new Promise<void>((resolve, reject) => {
    const child = execFile(requireTool('saslpasswd2'), args, (error) => {
      if (error) reject(new Error('saslpasswd2 failed', { cause: error }));
      else resolve();
    });
    child.stdin?.end('pass\n');
  });
  return { args: ['-S'], env: { SASL_CONF_PATH: folder } };
}
