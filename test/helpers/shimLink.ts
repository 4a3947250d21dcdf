import type { CallOptions, OpenRequest } from '../../src/engine/connections/cacheProvider';
import type { EngineError } from '../../src/engine/kernel/errors';
import { RedisLink, type Arg, type Reply } from '../../src/providers/redis/redisLink';

/**
 * A link to a server that answers as if it had commands it does not have: Lua that stands in for them goes before
 * each script, and `shimmed` commands are sent as a script of their own.
 */
export class ShimLink extends RedisLink {
  constructor(
    request: OpenRequest,
    private readonly lua: string,
    private readonly shimmed: RegExp,
  ) {
    super(request, 'write');
  }

  override send(args: readonly [string, ...Arg[]], call: CallOptions): Promise<Reply> {
    return super.send(this.shim(args), call);
  }

  override pipeline(
    commands: readonly (readonly [string, ...Arg[]])[],
    call: CallOptions,
  ): Promise<(Reply | EngineError)[]> {
    return super.pipeline(
      commands.map((args) => this.shim(args)),
      call,
    );
  }

  private shim(args: readonly [string, ...Arg[]]): readonly [string, ...Arg[]] {
    const [name, ...rest] = args;
    if (name === 'EVAL') return ['EVAL', `${this.lua}${String(rest[0])}`, ...rest.slice(1)];
    return this.shimmed.test(name)
      ? ['EVAL', `${this.lua} return redis.call(unpack(ARGV))`, 0, ...args]
      : args;
  }
}
