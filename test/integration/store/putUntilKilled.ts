import { makePayloads, MemoryKeys } from '../../unit/store/payloadFixture';
import { makeCore } from '../../unit/store/storeFixture';
import { coreAccess } from '../../unit/store/coreAccess';

// Puts payloads until it is killed, and sweeps now and then; says of each that is durable: its hash and its content.
const [folder = '', prefix = '', id = '', key = ''] = process.argv.slice(2);
const keys = new MemoryKeys({ id, bytes: Buffer.from(key, 'hex') });

async function putForGood(): Promise<void> {
  const { core, time } = await makeCore({ folder, name: prefix, pid: process.pid, livePids: new Set() });
  core.open();
  const { payloads, sweep } = makePayloads({ folder, access: coreAccess(core), time, keys, holder: prefix });
  for (let count = 0; ; count++) {
    const text = `${prefix} ${count}`;
    const owner = `keySnapshots/${prefix}-${count}`;
    const { hash } = await payloads.put(owner, Buffer.from(text.padEnd(50_000)));
    if (count % 3 === 2) await payloads.release(owner);
    else process.stdout.write(`${hash} ${text}\n`);
    if (count % 10 === 9) await sweep();
  }
}

void putForGood();
