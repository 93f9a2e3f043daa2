using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Package;

/// <summary>Who may have the package, and who has it.</summary>
internal sealed class PackageDesk([FromKeyedServices(SessionsModule.Name)] Sealer sealer, TimeProvider clock)
{
    private const string Requester = "package-requester";
    private static readonly HashSet<string> HealthCentres = Read();

    /// <summary>Whether the type that was told is that of the FINESS category.</summary>
    public static bool Agrees(string type, string category) => type == EstablishmentTypes.HealthCentre == HealthCentres.Contains(category);

    /// <summary>Names are typed as they are spoken: one word of theirs is enough, articles and the like are not.</summary>
    public static bool IsNamed(string told, string known) => WordsOf(told).Intersect(WordsOf(known)).Any();

    public byte[] Seal(Guid access, PackageRequest request) => sealer.Seal(Requester, access.ToByteArray(), Encoding.UTF8.GetBytes($"{request.Requester} <{request.Email}>"));

    public string RequesterOf(PackageAccess access) =>
        sealer.TryOpen(Requester, access.Id.ToByteArray(), access.Requester, out var text) ? Encoding.UTF8.GetString(text) : "";

    /// <summary>The access whose credentials the request carries (RFC 7617); null when they are not good, or no more.</summary>
    public async Task<PackageAccess?> FromAsync(HttpRequest request, SessionsDb db, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is not { Length: <= 512 } parameter)
            return null;
        var bytes = new byte[512];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length) || Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [var user, var secret] || !Guid.TryParse(user, out var id))
            return null;
        var access = await db.Set<PackageAccess>().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        return access is not null && CryptographicOperations.FixedTimeEquals(access.Secret, Secret.HashOf(secret)) && access.EndsAt > clock.GetUtcNow() ? access : null;
    }

    private static IEnumerable<string> WordsOf(string name) =>
        new string([.. name.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark).Select(c => char.IsLetterOrDigit(c) ? char.ToUpperInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 3 && word is not ("HOPITAL" or "CENTRE" or "CLINIQUE" or "HOSPITALIER" or "SANTE" or "MAISON" or "RESIDENCE"));

    private static HashSet<string> Read()
    {
        using var stream = typeof(PackageDesk).Assembly.GetManifestResourceStream("eligible-categories.json")!;
        using var file = JsonDocument.Parse(stream);
        return [.. file.RootElement.GetProperty("healthCentres").EnumerateArray().Select(one => one.GetString()!)];
    }
}
