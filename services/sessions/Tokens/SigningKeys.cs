using System.Security.Cryptography;
using System.Text;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tokens;

/// <summary>
/// The keys in the database, shared by every replica. A key is published before it signs, and until its last token is over: a rotation
/// signs nobody out.
/// </summary>
internal sealed partial class SigningKeys(
    IDbContextFactory<SessionsDb> contexts,
    [FromKeyedServices(SessionsModule.Name)] Sealer sealer,
    IOptions<TokenOptions> options,
    TimeProvider clock,
    ILogger<SigningKeys> log) : IDisposable
{
    private const string Purpose = "signing-key";
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1);
    private IReadOnlyList<LiveKey> live = [];
    private DateTimeOffset readAt = DateTimeOffset.MinValue;

    /// <summary>The one that signs now.</summary>
    public async Task<LiveKey> SignerAsync(CancellationToken cancellationToken)
    {
        var all = await AllAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // The very first key may be from a moment ahead: made by another replica's clock, or rounded by the database. Nothing signs before it.
        return all.LastOrDefault(key => key.SignsFrom <= now) ?? all[0];
    }

    /// <summary>All that are published now, in the order they sign.</summary>
    public async Task<IReadOnlyList<LiveKey>> AllAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = live;
        if (known.Count > 0 && now - readAt < Kept)
            return known;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (live.Count > 0 && now - readAt < Kept)
                return live;
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await RotateAsync(db, now, cancellationToken);
            live = await ReadAsync(db, now, cancellationToken);
            readAt = now;
            return live;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        gate.Dispose();
        foreach (var key in live)
            key.Private.Dispose();
    }

    private async Task RotateAsync(SessionsDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var latest = await db.SigningKeys.OrderByDescending(key => key.SignsFrom).FirstOrDefaultAsync(cancellationToken);
        var next = latest?.SignsFrom + options.Value.KeyLifetime;
        if (latest is not null && now < next - options.Value.KeyAnnounced)
            return;
        // After a long stop the next key is late: it is announced all the same, and the old one signs a little longer.
        var from = latest is null ? now : new DateTimeOffset[] { next!.Value, now + options.Value.KeyAnnounced }.Max();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(12));
        db.SigningKeys.Add(new SigningKey
        {
            Id = id,
            PublicKey = key.ExportSubjectPublicKeyInfo(),
            PrivateKey = sealer.Seal(Purpose, Encoding.UTF8.GetBytes(id), key.ExportPkcs8PrivateKey()),
            SignsFrom = from,
        });
        if (latest is not null)
            latest.PublishedUntil = from + options.Value.Lifetime + TimeSpan.FromHours(1);
        await db.SaveChangesAsync(cancellationToken);
        await db.SigningKeys.Where(old => old.PublishedUntil < now).ExecuteDeleteAsync(cancellationToken);
        Log.Made(log, id, from);
    }

    private async Task<IReadOnlyList<LiveKey>> ReadAsync(SessionsDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.SigningKeys.AsNoTracking().Where(key => key.PublishedUntil == null || key.PublishedUntil > now)
            .OrderBy(key => key.SignsFrom).ThenBy(key => key.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => live.FirstOrDefault(key => key.Id == row.Id) ?? Open(row))];
    }

    private LiveKey Open(SigningKey row)
    {
        if (!sealer.TryOpen(Purpose, Encoding.UTF8.GetBytes(row.Id), row.PrivateKey, out var secret))
            throw new InvalidOperationException($"Signing key {row.Id} does not open: is a data key of Sessions missing from its key file?");
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return new LiveKey(row.Id, row.SignsFrom, new ECDsaSecurityKey(key) { KeyId = row.Id });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Signing key {Key} made; it signs from {From}.")]
        public static partial void Made(ILogger logger, string key, DateTimeOffset from);
    }
}

/// <summary>A published key.</summary>
internal sealed record LiveKey(string Id, DateTimeOffset SignsFrom, ECDsaSecurityKey Key)
{
    public ECDsa Private => Key.ECDsa;

    /// <summary>Masked.</summary>
    public override string ToString() => Id;
}
