using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Software;
using Cdr.Sessions.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.IssueSoftwareToken;

/// <summary>A hospital's software proves itself and names the human it asks for: a clerk's token for one of its establishments.</summary>
internal static partial class IssueSoftwareToken
{
    public static RouteHandlerBuilder MapIssueSoftwareToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost(SoftwareAssertions.Path, HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).ProducesProblem(503)
            .WithSummary("Mutual TLS or private_key_jwt: a token for a hospital's software, on behalf of the human it names.");

    internal static async Task<Results<Ok<AccessToken>, ProblemHttpResult>> HandleAsync(
        SoftwareTokenRequest request, HttpContext http, SessionsDb db, SoftwareAssertions assertions, SoftwareCertificates certificates,
        SoftwareSessions sessions, TokenMaker tokens, AnonymousLimit limit, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (request.Client is not { Length: > 0 and <= 64 })
            return Problems.Invalid("client", "client-missing", "L'identifiant du logiciel est absent.");
        if (!Finess.Parse(request.Finess).TryGet(out var finess, out var error))
            return Problems.Invalid("finess", error);
        if (HumanProblem(request.OnBehalfOf) is { } problem)
            return problem;
        if (request.Assertion is { Length: > 16 * 1024 })
            return Problems.Invalid("assertion", "assertion-too-long", "L'assertion est trop longue.", "16 Kio au plus : seul le premier certificat de x5c est lu.");

        request = request with { Finess = finess.Value };
        var log = logs.CreateLogger(typeof(IssueSoftwareToken).FullName!);
        var shown = request.Assertion is { } assertion ? await assertions.ShowAsync(request.Client, assertion) : await ShowByTlsAsync(http, certificates, cancellationToken);
        if (shown is SoftwareShown.Refused { Why: var why })
        {
            // Anybody makes a certificate, and each of them costs a chain and a line. What the lists cannot tell is not the caller's doing.
            if (why == SoftwareRefusals.CertificateRefused && limit.Refuses(http, AnonymousLimit.Proof.Certificate, request.Client) is { } enough)
                return enough;
            if (why == SoftwareRefusals.CertificateRefused)
                limit.Count(http, AnonymousLimit.Proof.Certificate, request.Client);
            Log.Refused(log, null, why.Code);
            return why.ToProblem();
        }

        // A registered key is in the database only: names that are made up must not be free.
        if (shown is SoftwareShown.ByKey && limit.Refuses(http, AnonymousLimit.Proof.Key, request.Client) is { } tooMany)
            return tooMany;
        var client = await db.SoftwareClients.Include(one => one.Scope).ThenInclude(scope => scope.Establishment!.Units).AsSplitQuery()
            .FirstOrDefaultAsync(one => one.Id == request.Client, cancellationToken);
        var proof = await assertions.ProveAsync(db, client, shown, cancellationToken);
        var refusal = (proof as SoftwareProof.Refused)?.Why;
        var establishment = client?.Scope.FirstOrDefault(scope => scope.EstablishmentFiness == finess.Value)?.Establishment;
        if (refusal is null)
            refusal = NotNow(client!, clock, establishment) ?? NotThere(establishment);
        if (refusal is not null)
        {
            if (shown is SoftwareShown.ByKey && refusal == SoftwareRefusals.NotProven)
                limit.Count(http, AnonymousLimit.Proof.Key, request.Client);
            Log.Refused(log, client?.Id, refusal.Code);
            return refusal.ToProblem();
        }

        var unit = request.Unit is null ? null : establishment!.Units.FirstOrDefault(one => one.Code == request.Unit);
        if (request.Unit is not null && unit is null)
            return Problems.Invalid("unit", "unit-unknown", "Cette unité n'est pas connue dans l'établissement.");
        var session = await sessions.OpenAsync(db, (SoftwareProof.Proven)proof, request, cancellationToken);
        return TypedResults.Ok(await tokens.ForSoftwareAsync(session, establishment!, unit?.Function, cancellationToken));
    }

    /// <summary>The handshake proved the key; any certificate passes it, and is judged here.</summary>
    private static async Task<SoftwareShown> ShowByTlsAsync(HttpContext http, SoftwareCertificates certificates, CancellationToken cancellationToken) =>
        await http.Connection.GetClientCertificateAsync(cancellationToken) is { } certificate ? certificates.Show(certificate, null) : new SoftwareShown.Refused(SoftwareRefusals.NotProven);

    private static Refusal? NotNow(SoftwareClient client, TimeProvider clock, Establishment? establishment)
    {
        var today = EstablishmentDay.Of(establishment?.Department, clock.GetUtcNow());
        return client.WithdrawnAt is not null || client.From > today || client.Until < today ? SoftwareRefusals.Withdrawn : null;
    }

    private static Refusal? NotThere(Establishment? establishment) =>
        establishment is null ? SoftwareRefusals.OtherEstablishment
        : EligibleCategories.Contains(establishment.Category) ? null
        : Refusal.EstablishmentNotEligible;

    private static ProblemHttpResult? HumanProblem(OnBehalfOf? human)
    {
        const string Next = "Donnez l'identifiant national, ou celui de votre établissement : un seul des deux.";
        if (human is null or { NationalIdentifier: null, LocalIdentifier: null } or { NationalIdentifier: not null, LocalIdentifier: not null })
            return Problems.Invalid("onBehalfOf", "human-missing", "La personne pour qui le logiciel interroge n'est pas désignée.", Next);
        if (human.NationalIdentifier is { } national && !IsNational(national))
            return Problems.Invalid("onBehalfOf.nationalIdentifier", "national-identifier-invalid", "L'identifiant national n'est pas valable.", "Un chiffre qui dit sa nature, puis le numéro : 8 et le RPPS.");
        return human.LocalIdentifier is { } local && (local.Length > 64 || string.IsNullOrWhiteSpace(local) || local.Any(char.IsControl))
            ? Problems.Invalid("onBehalfOf.localIdentifier", "local-identifier-invalid", "L'identifiant local n'est pas valable.", "De 1 à 64 caractères.")
            : null;
    }

    private static bool IsNational(string text) => text.Length is > 1 and <= 64 && text[0] switch
    {
        '8' => Rpps.Parse(text[1..]).TryGet(out var read, out _) && read.Value == text[1..],
        '0' or '3' or '5' => text.All(c => char.IsAsciiLetterOrDigit(c) || c == '/'),
        _ => false,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The software {Client} was refused: {Code}.")]
        public static partial void Refused(ILogger logger, string? client, string code);
    }
}
