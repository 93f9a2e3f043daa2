using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Software;

/// <summary>
/// Sessions of software: the record of the human behind each <c>sid</c>, and what a withdrawal ends at once. The database is the truth,
/// the shared state keeps the same copy as of a card's session.
/// </summary>
internal sealed partial class SoftwareSessions(
    PersonRegister people,
    [FromKeyedServices(SessionsModule.Name)] Pseudonyms pseudonyms,
    [FromKeyedServices(SessionsModule.Name)] Sealer sealer,
    ISharedState shared,
    TokenMaker tokens,
    IOptions<SessionsOptions> options,
    TimeProvider clock,
    ILogger<SoftwareSessions> log)
{
    private const string Human = "software-human";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    // How long « alive » is believed without asking.
    private static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(60);

    /// <summary>The live session of that human at that client, establishment and unit, or a new one. Saved.</summary>
    public async Task<SoftwareSession> OpenAsync(SessionsDb db, SoftwareProof.Proven proof, SoftwareTokenRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var subject = await SubjectAsync(db, proof.Client.Id, request.OnBehalfOf, cancellationToken);
        // The last token of a session must not be shorter than the others.
        var enough = now + tokens.LongestBelieved;
        var session = await db.SoftwareSessions.FirstOrDefaultAsync(
            one => one.ClientId == proof.Client.Id && one.Subject == subject && one.EstablishmentFiness == request.Finess && one.Unit == request.Unit
                && one.Issuer == proof.Issuer && one.Serial == proof.Serial && one.EndedAt == null && one.EndsAt > enough,
            cancellationToken);
        if (session is null)
        {
            var id = Guid.CreateVersion7(now);
            var end = now + options.Value.MaximumLife;
            session = db.SoftwareSessions.Add(new SoftwareSession
            {
                Id = id,
                ClientId = proof.Client.Id,
                EstablishmentFiness = request.Finess,
                Unit = request.Unit,
                Subject = subject,
                Human = sealer.Seal(Human, id.ToByteArray(), Encoding.UTF8.GetBytes(TextOf(request.OnBehalfOf))),
                Issuer = proof.Issuer,
                Serial = proof.Serial,
                StartedAt = now,
                SeenAt = now,
                EndsAt = proof.EndsAt < end ? proof.EndsAt : end,
            }).Entity;
            Log.Opened(log, id, proof.Client.Id);
        }

        session.SeenAt = now;
        proof.Client.SeenAt = now;
        if (proof.Issuer.Length > 0)
            proof.Client.CertificateEndsAt = proof.EndsAt;
        await db.SaveChangesAsync(cancellationToken);
        return session;
    }

    /// <summary>What the client called the human; null when it does not open.</summary>
    public string? HumanOf(SoftwareSession session) =>
        sealer.TryOpen(Human, session.Id.ToByteArray(), session.Human, out var text) ? Encoding.UTF8.GetString(text) : null;

    public async Task<SessionLiveness> LivenessAsync(SessionsDb db, Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var session = await db.SoftwareSessions.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (session is null)
            return new SessionLiveness(false, SessionEnds.Unknown);
        if (session.EndedAt is not null)
            return new SessionLiveness(false, session.EndedBecause);
        if (session.EndsAt <= now)
            return new SessionLiveness(false, SessionEnds.Expired);
        try
        {
            // Never over a copy that is there: a session that ended meanwhile must not come back.
            var left = session.EndsAt - now;
            await shared.TryAddAsync(SessionGate.Key(id.ToString()), SessionGate.Alive, left < AliveFor ? left : AliveFor, cancellationToken);
        }
        catch (SharedStateUnavailableException)
        {
            // Whoever finds no copy asks here.
        }

        return new SessionLiveness(true, null);
    }

    /// <summary>Ends those sessions in the database, then in their copies; where these are silent, it is said later.</summary>
    public async Task EndAsync(SessionsDb db, IQueryable<SoftwareSession> which, string because, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ended = await which.Where(session => session.EndedAt == null && session.EndsAt > now).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndedBecause, because).SetProperty(s => s.CopyDueAt, now),
            cancellationToken);
        if (ended > 0)
        {
            Log.Ended(log, ended, because);
            await SayDueAsync(db, cancellationToken);
        }
    }

    /// <summary>Writes every copy that is due.</summary>
    public async Task SayDueAsync(SessionsDb db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        while (await db.SoftwareSessions.Where(session => session.CopyDueAt <= now).OrderBy(session => session.CopyDueAt).Select(session => session.Id).Take(200).ToListAsync(cancellationToken) is { Count: > 0 } due)
        {
            try
            {
                foreach (var id in due)
                    await shared.SetAsync(SessionGate.Key(id.ToString()), SessionGate.Ended, tokens.LongestBelieved, cancellationToken);
                await db.SoftwareSessions.Where(session => due.Contains(session.Id)).ExecuteUpdateAsync(set => set.SetProperty(s => s.CopyDueAt, (DateTimeOffset?)null), cancellationToken);
            }
            catch (SharedStateUnavailableException)
            {
                var again = now + Again;
                await db.SoftwareSessions.Where(session => due.Contains(session.Id)).ExecuteUpdateAsync(set => set.SetProperty(s => s.CopyDueAt, again), cancellationToken);
                Log.Silent(log, due.Count);
                return;
            }
        }
    }

    private static string TextOf(OnBehalfOf human) => human.NationalIdentifier is { } national ? "national:" + national : "local:" + human.LocalIdentifier;

    /// <summary>The same reference as the person has with a card; of a local name, one of the client's own.</summary>
    private async Task<byte[]> SubjectAsync(SessionsDb db, string client, OnBehalfOf human, CancellationToken cancellationToken)
    {
        if (human.NationalIdentifier is { } number && await people.FindAsync(db, number, cancellationToken) is { } person)
            return person.Reference;
        var (purpose, text) = human.NationalIdentifier is { } national ? (PersonRegister.Purpose, national) : (Human, client + "\n" + human.LocalIdentifier);
        var references = pseudonyms.AllOf(purpose, text).Select(one => one.Pseudonym).ToList();
        // Met under an older key: still the same human.
        foreach (var older in references.SkipLast(1))
        {
            if (await db.SoftwareSessions.AnyAsync(session => session.ClientId == client && session.Subject == older, cancellationToken))
                return older;
        }

        return references[^1];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Session {Session} opened for the software {Client}.")]
        public static partial void Opened(ILogger logger, Guid session, string client);

        [LoggerMessage(2, LogLevel.Information, "{Count} sessions of software ended: {Because}.")]
        public static partial void Ended(ILogger logger, int count, string because);

        [LoggerMessage(3, LogLevel.Warning, "The shared state was silent: the ends of {Count} sessions of software will be said again.")]
        public static partial void Silent(ILogger logger, int count);
    }
}
