using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Software;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.RegisterSoftware;

/// <summary>The platform's administrator registers a hospital's software, or changes it.</summary>
internal static class RegisterSoftware
{
    public static RouteHandlerBuilder MapRegisterSoftware(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/sessions/software-clients/{id}", HandleAsync).RequireAuthorization(SessionsModule.PlatformAdministrator)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409)
            .WithSummary("Registers a software client, or changes it.");

    internal static async Task<Results<Ok<SoftwareView>, ProblemHttpResult>> HandleAsync(
        string id, SoftwareRegistration request, HttpContext http, SessionsDb db, SoftwareSessions sessions, IOptions<TrustOptions> trust, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (id.Length is < 3 or > 40 || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            return Problems.Invalid("id", "software-id-invalid", "L'identifiant du logiciel n'est pas valable.", "De 3 à 40 caractères : minuscules, chiffres, tirets.");
        if (request.Name is not { Length: > 0 and <= 128 })
            return Problems.Invalid("name", "software-name-invalid", "Le nom du logiciel n'est pas valable.", "De 1 à 128 caractères.");
        if (string.IsNullOrEmpty(request.Structure) != string.IsNullOrEmpty(request.CommonName) || request.Structure?.Length > 64 || request.CommonName?.Length > 256)
            return Problems.Invalid("structure", "software-certificate-incomplete", "Le certificat du logiciel se déclare par deux valeurs.", "Donnez le numéro de structure (OU) et le nom (CN) tels qu'ils y sont écrits.");
        if (request.Until < request.From)
            return Problems.Invalid("until", "software-dates-invalid", "Le dernier jour précède le premier.");
        if (!TryKey(request.PublicKey, trust.Value.MinimumKeyBits, out var key))
            return Problems.Invalid("publicKey", "software-key-invalid", "La clé publique n'est pas valable.", "SubjectPublicKeyInfo en PEM : RSA de 2048 bits au moins, ou P-256.");
        if (key is null && string.IsNullOrEmpty(request.Structure))
            return Problems.Invalid("publicKey", "software-proof-missing", "Rien ne prouverait l'identité de ce logiciel.", "Déclarez son certificat ou sa clé publique.");
        var (scope, problem) = await ScopeAsync(db, request.Establishments, cancellationToken);
        if (problem is not null)
            return problem;

        var client = await db.SoftwareClients.Include(one => one.Scope).FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (client?.WithdrawnAt is not null)
            return Problems.Problem(409, "software-withdrawn", "L'accès de ce logiciel a été fermé définitivement.", "Déclarez-le sous un autre identifiant.");
        var act = client is null ? AdministrationActs.SoftwareRegistered : AdministrationActs.SoftwareChanged;
        // Another proof, or less of a scope, and what was opened before is over: the client obtains its next token at once if it still may.
        var before = client is null ? null : Standing(client);
        client ??= db.SoftwareClients.Add(new SoftwareClient { Id = id, Name = request.Name, From = request.From, RegisteredAt = clock.GetUtcNow() }).Entity;
        client.Name = request.Name;
        (client.Structure, client.CommonName) = string.IsNullOrEmpty(request.Structure) ? (null, null) : (request.Structure, request.CommonName);
        client.PublicKey = key;
        (client.From, client.Until) = (request.From, request.Until);
        client.Scope.RemoveAll(one => !scope.Contains(one.EstablishmentFiness));
        foreach (var finess in scope.Where(finess => client.Scope.All(one => one.EstablishmentFiness != finess)))
            client.Scope.Add(new SoftwareScope { ClientId = id, EstablishmentFiness = finess });
        Administrator.Of(http.User).Record(db, clock, act, id, $"{string.Join(' ', scope)}; {(client.Structure is null ? "" : "certificate; ")}{(key is null ? "" : $"key {Convert.ToHexString(SHA256.HashData(key))[..16]}; ")}{request.From:O}/{request.Until:O}");
        await db.SaveChangesAsync(cancellationToken);
        if (before is not null && before != Standing(client))
            await sessions.EndAsync(db, db.SoftwareSessions.Where(session => session.ClientId == id), SessionEnds.Revoked, cancellationToken);
        return TypedResults.Ok(ListSoftware.ListSoftware.View(client, _ => true));
    }

    private static string Standing(SoftwareClient client) => string.Join(
        '|', [client.Structure, client.CommonName, client.PublicKey is null ? "" : Convert.ToHexString(client.PublicKey), $"{client.From:O}", $"{client.Until:O}", .. client.Scope.Select(one => one.EstablishmentFiness).Order(StringComparer.Ordinal)]);

    private static bool TryKey(string? pem, int minimumBits, out byte[]? key)
    {
        key = null;
        if (string.IsNullOrWhiteSpace(pem))
            return true;
        if (pem.Length > 8 * 1024 || !PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != "PUBLIC KEY")
            return false;
        key = Convert.FromBase64String(pem[fields.Base64Data]);
        return SoftwareAssertions.IsAcceptable(key, minimumBits);
    }

    private static async Task<(HashSet<string> Scope, ProblemHttpResult? Problem)> ScopeAsync(SessionsDb db, IReadOnlyList<string>? told, CancellationToken cancellationToken)
    {
        if (told is not { Count: > 0 and <= 200 })
            return ([], Problems.Invalid("establishments", "establishments-missing", "Aucun établissement n'est donné.", "De 1 à 200 numéros FINESS géographiques."));
        var scope = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < told.Count; at++)
        {
            if (!Finess.Parse(told[at]).TryGet(out var finess, out var error))
                return ([], Problems.Invalid($"establishments[{at}]", error));
            scope.Add(finess.Value);
        }

        var known = await db.Establishments.Where(one => scope.Contains(one.Finess)).ToListAsync(cancellationToken);
        if (known.Count < scope.Count)
            return ([], Problems.Invalid("establishments", "establishment-unknown", "Un de ces établissements n'est pas connu de la plateforme."));
        return known.All(one => EligibleCategories.Contains(one.Category)) ? (scope, null) : ([], Problems.Invalid("establishments", "establishment-not-eligible", Refusal.EstablishmentNotEligible.Title, Refusal.EstablishmentNotEligible.Next));
    }
}
