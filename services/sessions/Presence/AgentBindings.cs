using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Presence;

/// <summary>Which agent key and which insertion a session is bound to: read once a session and process, so that a heartbeat reads no database.</summary>
internal sealed class AgentBindings(IDbContextFactory<SessionsDb> contexts, IOptions<SessionsOptions> options) : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int Signature = 64;

    // A key is a few kilobytes of native memory.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    /// <summary>False: this process has not met that session lately.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="binding">Null: no agent is bound to it, as was seen lately.</param>
    public bool IsKnown(Guid session, out AgentBinding? binding) => known.TryGetValue(session, out binding);

    /// <summary>From the database; null: no session and no ticket of an agent bears that id.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="given">It is one of ours. Where it bears nothing it never will again: that is kept too, for whoever holds an old id would have the database asked as often as they like.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public async Task<AgentBinding?> OfAsync(Guid session, bool given, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var card = await db.Sessions.AsNoTracking().Where(one => one.Id == session).Select(one => one.Card).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Tickets.AsNoTracking().Where(one => one.SessionId == session).Select(one => one.Card).FirstOrDefaultAsync(cancellationToken);
        if (card is not { AgentKey.Length: > 0 })
            return given ? known.Set<AgentBinding?>(session, null, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Idle }) : null;
        return known.Set(session, new AgentBinding(card.AgentKey, card.Insertion), new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Idle });
    }

    /// <summary>Whether the statement, and the report beside it, are what that key signed.</summary>
    public bool IsSignedBy(byte[] agentKey, AgentStatement statement, PostReport? report)
    {
        if (Signed(statement) is not { } signature)
            return false;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(agentKey, out _);
        return key.VerifyData(ValueOf(statement, report), signature, HashAlgorithmName.SHA256);
    }

    /// <summary>Whether the statement is what the session's agent signed.</summary>
    public bool IsSignedBy(AgentBinding agent, AgentStatement statement) => Signed(statement) is { } signature && agent.Verifies(ValueOf(statement), signature);

    /// <summary>Whether it could be anybody's signature.</summary>
    public static bool HasSignature(AgentStatement statement) => Signed(statement) is not null;

    /// <summary>The bytes of an agent's public key; null when it is none on P-256.</summary>
    public static byte[]? KeyOf(string? text)
    {
        if (Secret.Bytes(text, 1024) is not { } bytes)
            return null;
        try
        {
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(bytes, out var read);
            if (read != bytes.Length)
                return null;
            using var curve = key.GetECDsaPublicKey();
            return curve?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256 ? bytes : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => known.Dispose();

    private static byte[]? Signed(AgentStatement statement) =>
        Secret.Bytes(statement.Signature, Signature) is { Length: Signature } signature ? signature : null;

    private byte[] ValueOf(AgentStatement statement, PostReport? report = null) =>
        AgentValue.Of(options.Value.Origin, statement.Session, statement.Kind, statement.Insertion, statement.Sequence, report);
}

/// <summary>The agent of a session.</summary>
internal sealed class AgentBinding(byte[] agentKey, long insertion)
{
    private readonly Lock gate = new();
    private readonly ECDsa key = Read(agentKey);
    private long highest;
    private volatile string? over;

    public long Insertion => insertion;

    /// <summary>Why its session ended, where this process knows: it never begins again. Otherwise null.</summary>
    public string? Over
    {
        get => over;
        set => over = value;
    }

    public bool Verifies(byte[] value, byte[] signature)
    {
        // The finalizer frees the key: whoever holds a binding that the cache let go still verifies with it.
        lock (gate)
            return key.VerifyData(value, signature, HashAlgorithmName.SHA256);
    }

    /// <summary>False when this process heard that number, or a higher one: also where the shared state has forgotten it.</summary>
    public bool IsNew(long sequence)
    {
        lock (gate)
            return sequence > highest;
    }

    public void Heard(long sequence)
    {
        lock (gate)
            highest = Math.Max(highest, sequence);
    }

    private static ECDsa Read(byte[] agentKey)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(agentKey, out _);
        return key;
    }
}
