import assert from 'node:assert/strict';
import { keyName, type KeyName } from '../../../src/engine/kernel/keyName';
import { KeyBag } from '../../../src/engine/keys/keyBag';
import { seededRandom } from '../../helpers/random';

const name = (text: string): KeyName => keyName(Buffer.from(text, 'latin1'));
const namesOf = (bag: KeyBag): KeyName[] => [...bag.pieces()].flat();

describe('A bag of key names', () => {
  it('holds each name once, in order of arrival, whatever its bytes', () => {
    const bag = new KeyBag();
    for (const text of ['b', '', '\xff\x00', 'a', 'b', '', '__proto__']) bag.add(name(text));
    assert.deepEqual(namesOf(bag), ['b', '', '\xff\x00', 'a', '__proto__'].map(name));
    assert.equal(bag.size, 5);
  });

  it('keeps names apart after a long one came twice', () => {
    const bag = new KeyBag();
    const long = name('x'.repeat(600_000));
    bag.add(long);
    bag.add(name('y'.repeat(700_000)));
    bag.add(long);
    const short = Array.from({ length: 60_000 }, (_, at) => name(`name:${at}`));
    for (const each of [...short, ...short]) bag.add(each);
    assert.equal(bag.size, 60_002);
    assert.deepEqual(namesOf(bag).slice(2), short);
    assert.ok(short.every((each) => bag.delete(each)));
    assert.equal(bag.size, 2);
  });

  it('is a set, by any adding and deleting', () => {
    const random = seededRandom(7);
    const bag = new KeyBag();
    const model = new Set<KeyName>();
    for (let step = 0; step < 20_000; step++) {
      const each = name('k'.repeat(random.below(4)) + String(random.below(500)));
      if (random.chance(0.7)) {
        bag.add(each);
        model.add(each);
      } else assert.equal(bag.delete(each), model.delete(each));
    }
    assert.equal(bag.size, model.size);
    assert.deepEqual(new Set(namesOf(bag)), model);
  });
});
