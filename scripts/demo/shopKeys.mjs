import { gzipSync } from 'node:zlib';
import { categories, cities, dayText, firstNames, languages, lastNames, pages, products } from './words.mjs';

/** Commands that fill database 0 with what a shop keeps: sessions, users, orders, pages, figures. */
export function* shopKeys(random) {
  yield* sessions(random);
  yield* users(random);
  yield* orders(random);
  yield* catalogue(random);
  yield* cachedPages(random);
  yield* figures(random);
}

const hour = 3600;

function* sessions(random) {
  for (let i = 0; i < 1200; i++) {
    const user = random.below(500) + 1;
    const value = {
      user,
      csrf: random.hex(16),
      agent: random.pick(['web', 'ios', 'android']),
      seen: dayText(i % 300),
    };
    yield ['set', `session:${random.hex(24)}`, JSON.stringify(value), 'EX', hour + random.below(24 * hour)];
  }
}

function* users(random) {
  for (let id = 1; id <= 500; id++) {
    const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
    const address = JSON.stringify({ city: random.pick(cities), zip: String(10000 + random.below(89999)) });
    const key = `user:${id}:profile`;
    yield [
      'hset',
      key,
      'name',
      name,
      'email',
      `user${id}@example.com`,
      'address',
      address,
      'created',
      dayText(id % 360),
    ];
    yield [
      'set',
      `user:${id}:preferences`,
      JSON.stringify({ theme: random.pick(['dark', 'light']), news: id % 3 === 0 }),
    ];
    if (id % 2 === 0)
      yield ['sadd', `user:${id}:roles`, 'customer', ...(id % 10 === 0 ? ['editor', 'admin'] : [])];
    if (id % 5 === 0) {
      yield [
        'rpush',
        `user:${id}:cart`,
        ...Array.from({ length: 1 + random.below(6) }, () => random.pick(products)),
      ];
      yield ['expire', `user:${id}:cart`, 7 * 24 * hour];
    }
  }
}

function* orders(random) {
  for (let id = 1001; id <= 1400; id++) {
    const status = random.pick(['paid', 'packed', 'sent', 'delivered', 'returned']);
    yield [
      'hset',
      `shop:order:${id}`,
      'status',
      status,
      'total',
      (random.below(90000) / 100).toFixed(2),
      'placed',
      dayText(id % 360),
    ];
    const items = Array.from({ length: 1 + random.below(5) }, () =>
      JSON.stringify({ product: random.pick(products), quantity: 1 + random.below(3) }),
    );
    yield ['rpush', `shop:order:${id}:items`, ...items];
    if (id % 4 === 0) {
      yield ['set', `shop:order:${id}:invoice`, gzipSync(`Invoice ${id}\n`.repeat(40))];
      yield ['expire', `shop:order:${id}:invoice`, 30 * 24 * hour + random.below(hour)];
    }
  }
}

function* catalogue(random) {
  for (let id = 1; id <= 300; id++) {
    const product = {
      id,
      name: random.pick(products),
      price: random.below(20000) / 100,
      stock: random.below(400),
      tags: [random.pick(categories), random.pick(categories)],
    };
    yield ['set', `shop:product:${id}`, JSON.stringify(product, undefined, id % 2 === 0 ? 2 : 0)];
  }
  for (const category of categories) {
    const members = Array.from({ length: 40 }, () => String(1 + random.below(300)));
    yield ['sadd', `shop:category:${category}`, ...members];
    yield [
      'zadd',
      `shop:bestsellers:${category}`,
      ...members.flatMap((id) => [random.below(10000) / 10, id]),
    ];
  }
}

function* cachedPages(random) {
  for (const language of languages) {
    for (let i = 0; i < 110; i++) {
      const path = `/${language}/${random.pick(pages)}/${i}`;
      const html = `<!doctype html><html lang="${language}"><title>${path}</title><p>${random.hex(200)}</p></html>`;
      yield ['set', `cache:page:${path}`, html, 'EX', 60 + random.below(hour)];
    }
  }
}

function* figures(random) {
  for (let day = 0; day < 120; day++) {
    const name = dayText(day);
    yield ['set', `metrics:${name}:visits`, String(random.below(100_000))];
    yield [
      'zadd',
      `metrics:${name}:pages`,
      ...pages.flatMap((page) => [random.below(1_000_000) / 1000, page]),
    ];
    yield [
      'hset',
      `metrics:${name}:errors`,
      '404',
      random.below(300),
      '500',
      random.below(20),
      '503',
      random.below(5),
    ];
    yield ['pfadd', `metrics:${name}:unique`, ...Array.from({ length: 30 }, () => random.hex(8))];
  }
}
