using StackExchange.Redis;

namespace Cdr.ServiceDefaults.SharedState;

internal sealed class RedisSharedState(IConnectionMultiplexer redis) : ISharedState
{
    // Numbers are at most 2^53 - 1: exact in Lua. The answers are those of Raised, in their order.
    private const string Raise =
        """
        local raised = {}
        for at, key in ipairs(KEYS) do
          local present = redis.call('get', key)
          if not present then raised[at] = 3
          elseif present == '' or not string.find(ARGV[1], string.sub(present, 1, 1), 1, true) then raised[at] = 2
          elseif (tonumber(string.sub(present, 2)) or 0) >= tonumber(ARGV[at + 2]) then raised[at] = 1
          else
            redis.call('set', key, string.sub(ARGV[1], 1, 1) .. ARGV[at + 2], 'px', ARGV[2])
            raised[at] = 0
          end
        end
        return raised
        """;

    // A « false » is « absent » in an answer. A server that reads and cannot write takes no lock.
    private const string GetTwoOrLock =
        """
        local first, second = redis.call('get', KEYS[1]), redis.call('get', KEYS[2])
        if second then return { first, second, 0 } end
        local taken = redis.pcall('set', KEYS[3], ARGV[1], 'nx', 'px', ARGV[2])
        return { first, second, type(taken) == 'table' and taken.ok and 1 or 0 }
        """;

    private const string ReadList =
        """
        local length, from = redis.call('llen', KEYS[1]), tonumber(ARGV[1])
        if length < from then from = 0 end
        return { length, redis.call('lrange', KEYS[1], from, -1) }
        """;

    private readonly IDatabase database = redis.GetDatabase();

    public async Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await database.StringGetAsync(key);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<(byte[]? First, byte[]? Second)> GetTwoAsync(string first, string second, CancellationToken cancellationToken)
    {
        try
        {
            var values = await database.StringGetAsync([first, second]);
            return (values[0], values[1]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<(byte[]? First, byte[]? Second, bool Locked)> GetTwoOrLockAsync(
        string first, string second, string lockOfSecond, byte[] mark, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            var found = (RedisResult[])(await database.ScriptEvaluateAsync(GetTwoOrLock, [first, second, lockOfSecond], [mark, (long)lifetime.TotalMilliseconds]))!;
            return ((byte[]?)found[0], (byte[]?)found[1], (bool)found[2]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<IReadOnlyList<bool>> ExistAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await database.StringGetAsync([.. keys.Select(key => (RedisKey)key)])).Select(value => !value.IsNull)];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            await database.StringSetAsync(key, value, lifetime);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            return await database.StringSetAsync(key, value, lifetime, When.NotExists);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<IReadOnlyList<Raised>> RaiseAsync(IReadOnlyList<(string Key, long Number)> numbers, string marks, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (numbers.Count == 0)
            return [];
        try
        {
            // Loaded once by the server, then named by its hash.
            var raised = await database.ScriptEvaluateAsync(
                Raise, [.. numbers.Select(one => (RedisKey)one.Key)], [marks, (long)lifetime.TotalMilliseconds, .. numbers.Select(one => (RedisValue)one.Number)]);
            return [.. ((int[])raised!).Select(one => (Raised)one)];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task ReplaceAsync(string key, byte[] expected, byte[] value, CancellationToken cancellationToken)
    {
        try
        {
            await database.ScriptEvaluateAsync("if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'KEEPTTL') end return 0", [key], [expected, value]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task RemoveAsync(string key, byte[]? expected, CancellationToken cancellationToken)
    {
        try
        {
            if (expected is null)
                await database.KeyDeleteAsync(key);
            else
                await database.ScriptEvaluateAsync("if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0", [key], [expected]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task AddToSetAsync(string key, string member, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            // One step: a set without an end would stay for ever. A later end is kept.
            await database.ScriptEvaluateAsync(
                "redis.call('sadd', KEYS[1], ARGV[1]) if redis.call('pttl', KEYS[1]) < tonumber(ARGV[2]) then redis.call('pexpire', KEYS[1], ARGV[2]) end return 0",
                [key], [member, (long)lifetime.TotalMilliseconds]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<IReadOnlyList<string>> ReadSetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await database.SetMembersAsync(key)).Select(member => (string)member!)];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task RemoveFromSetAsync(string key, IReadOnlyCollection<string> members, CancellationToken cancellationToken)
    {
        if (members.Count == 0)
            return;
        try
        {
            await database.SetRemoveAsync(key, [.. members.Select(member => (RedisValue)member)]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task AddToListAsync(string key, string text, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        try
        {
            // One step: a list without an end would stay for ever. A later end is kept.
            await database.ScriptEvaluateAsync(
                "redis.call('rpush', KEYS[1], ARGV[1]) if redis.call('pttl', KEYS[1]) < tonumber(ARGV[2]) then redis.call('pexpire', KEYS[1], ARGV[2]) end return 0",
                [key], [text, (long)lifetime.TotalMilliseconds]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    public async Task<(IReadOnlyList<string> Texts, long Next)> ReadListAsync(string key, long from, CancellationToken cancellationToken)
    {
        try
        {
            var read = (RedisResult[])(await database.ScriptEvaluateAsync(ReadList, [key], [from]))!;
            return ((string[])read[1]!, (long)read[0]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Silent(e);
        }
    }

    // The client's own message lists keys; ours are keyed hashes, yet nothing is gained by repeating them.
    private static SharedStateUnavailableException Silent(Exception e) => new($"The shared state did not answer ({e.GetType().Name}).");
}
