import assert from 'node:assert/strict';
import type { OutcomeDto } from '../../../src/protocol/value';
import { RpcFailure } from '../../../webview-ui/app/failure';
import { Saver } from '../../../webview-ui/surfaces/value/saver';

const unknown: OutcomeDto = { status: 'unknown', message: 'lost' };
const down = new RpcFailure({ code: 'TIMEOUT', message: 'down', retryable: true, correlationId: 'c' });
const cancelled = new DOMException('The request was cancelled', 'AbortError');

describe('A save that is sent again', () => {
  /** Sends the same act once an end, and gives the request ids; `between` runs before each but the first. */
  async function idsOf(
    ends: readonly (OutcomeDto | Error)[],
    between: (saver: Saver) => void = () => undefined,
  ) {
    const saver = new Saver();
    const ids: string[] = [];
    for (const end of ends) {
      if (ids.length > 0) between(saver);
      const send = (requestId: string): Promise<OutcomeDto> => {
        ids.push(requestId);
        return end instanceof Error ? Promise.reject(end) : Promise.resolve(end);
      };
      await saver.run({ identity: 'a', send, onApplied: () => undefined });
    }
    return ids;
  }

  it('is another submission when the first surely did not happen: the gate would only repeat its failure', async () => {
    const [first, second] = await idsOf([down, { status: 'applied' }]);
    assert.notEqual(first, second);
  });

  it('G30: joins one whose end is not known', async () => {
    for (const end of [unknown, cancelled]) {
      const [first, second] = await idsOf([end, unknown], (saver) => saver.clearTrouble());
      assert.equal(first, second);
    }
  });

  it('is another submission when the value was read after the host did not know how the first ended', async () => {
    const [first, second] = await idsOf([unknown, unknown], (saver) => saver.forgetUnknown());
    assert.notEqual(first, second);
  });

  it('G30: still joins one that the person stopped waiting for: the host may be at it', async () => {
    const [first, second] = await idsOf([cancelled, unknown], (saver) => saver.forgetUnknown());
    assert.equal(first, second);
  });
});
