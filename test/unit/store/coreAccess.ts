import type { SqlValue, Statement } from '../../../src/providers/store/statement';
import type { Read } from '../../../src/providers/store/reads/read';
import type { StoreAccess } from '../../../src/providers/store/storeAccess';
import type { StoreCore } from '../../../src/providers/store/storeCore';
import { transaction, write } from './storeFixture';

/** A store with files in this thread, as the stores of the features see it. */
export function coreAccess(core: StoreCore): StoreAccess {
  return {
    async write(statements: readonly Statement[]) {
      const id = `${process.pid}/${performance.timeOrigin + performance.now()}`;
      const [refusal] = write(core, { ...transaction(...statements), id });
      if (refusal) throw refusal;
    },
    read: async ({ sql }: Read, params: readonly SqlValue[] = []) => core.read(sql, params),
  };
}
