using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Cdr.Contracts.Sessions;

namespace Cdr.Drawer;

/// <summary>
/// An agent whose reader is a folder: the same protocol as on a workstation, the card's key in software. Its cards stay inserted until
/// their session ends, over a restart of the drawer too.
/// </summary>
internal sealed class SoftwareAgent : IDisposable
{
    private const string Purpose = "sign-in";
    private const string Algorithm = "RS256";
    private const long Insertion = 1;

    private readonly Lock gate = new();
    private readonly string file;
    private readonly TimeProvider clock;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<Guid, Inserted> inserted = new();
    private long sequence;

    public SoftwareAgent(string folder, TimeProvider clock)
    {
        this.clock = clock;
        file = Path.Combine(folder, "agent.json");
        if (Kept() is not { } kept)
            return;
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(kept.Key), out _);
        foreach (var one in kept.Inserted)
            inserted[one.Session] = one;
    }

    /// <summary>Sessions whose card is inserted.</summary>
    public int Cards => inserted.Count;

    /// <value>Between two heartbeats, as the last opening told.</value>
    public TimeSpan Heartbeat { get; private set; } = TimeSpan.FromSeconds(15);

    /// <summary>Challenge, signature, opening.</summary>
    public async Task<Opening> SignInAsync(ISessionsApi sessions, X509Certificate2 card, CancellationToken cancellationToken)
    {
        var agentKey = key.ExportSubjectPublicKeyInfo();
        var text = Base64Url.EncodeToString(agentKey);
        // One a sign-in: several people use the drawer at once, and none of them replaces another's session.
        var osSession = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var challenge = await sessions.ChallengeAsync(new ChallengeRequest(text, osSession, Purpose), cancellationToken);
        var signed = SignedValue.Of(challenge.Origin, Base64Url.DecodeFromChars(challenge.Nonce), agentKey, osSession, Purpose, Algorithm);
        using var secret = card.GetRSAPrivateKey()!;
        var signature = secret.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (report, postSecret) = Post();
        var request = new OpeningRequest(
            challenge.Id, text, osSession, Purpose, Algorithm, Convert.ToBase64String(card.RawData), Base64Url.EncodeToString(signature),
            Present(challenge.Origin, challenge.Id, report), report, Base64Url.EncodeToString(postSecret));
        var opening = await sessions.OpenAsync(request, cancellationToken);
        Heartbeat = TimeSpan.FromSeconds(opening.Heartbeat);
        inserted[opening.Session] = new Inserted(opening.Session, challenge.Origin);
        Keep();
        return opening;
    }

    /// <summary>Says of every inserted card that it still is. One whose session ended is taken out.</summary>
    public async Task BeatAsync(ISessionsApi sessions, CancellationToken cancellationToken)
    {
        var before = inserted.Count;
        await Parallel.ForEachAsync(inserted.Values, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (one, cancel) =>
        {
            if ((await sessions.StateAsync(Present(one.Origin, one.Session), cancel)).State == "ended")
                inserted.TryRemove(one.Session, out _);
        });
        if (inserted.Count != before)
            Keep();
    }

    public void Dispose() => key.Dispose();

    /// <summary>The drawer is a post, too: it has no Cryptolib, no reader, and says so.</summary>
    private (PostReport Report, byte[] Secret) Post()
    {
        var secret = SHA256.HashData([.. "cdr-post\n"u8, .. key.ExportPkcs8PrivateKey()]);
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux";
        var report = new PostReport(
            PostValue.IdOf(secret), "Tiroir de démonstration", "tiroir", system, Environment.OSVersion.VersionString, true, null, false, null, [], false, null, null, null);
        return (report, secret);
    }

    private AgentStatement Present(string origin, Guid about, PostReport? report = null)
    {
        long number;
        lock (gate)
            number = sequence = Math.Max(sequence + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var signature = key.SignData(AgentValue.Of(origin, about, AgentStatements.Present, Insertion, number, report), HashAlgorithmName.SHA256);
        return new AgentStatement(about, AgentStatements.Present, Insertion, number, Base64Url.EncodeToString(signature));
    }

    private KeptState? Kept()
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<KeptState>(File.ReadAllBytes(file)) : null;
        }
        catch (JsonException)
        {
            // Cut while it was written: the cards are out.
            return null;
        }
    }

    private void Keep()
    {
        lock (gate)
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using (var stream = new FileStream(file + ".part", options))
                JsonSerializer.Serialize(stream, new KeptState(Convert.ToBase64String(key.ExportPkcs8PrivateKey()), [.. inserted.Values]));
            File.Move(file + ".part", file, overwrite: true);
        }
    }

    private sealed record Inserted(Guid Session, string Origin);

    private sealed record KeptState(string Key, IReadOnlyList<Inserted> Inserted)
    {
        /// <summary>Masked.</summary>
        public override string ToString() => nameof(KeptState);
    }
}
