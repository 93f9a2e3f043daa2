using System.Text.Json;

namespace Cdr.Sessions.Cards;

/// <summary>A family of issuers, as <c>pkis.json</c> in the trust folder tells it: what an operator changes without a new version.</summary>
/// <param name="Id"><c>igc-sante</c>, <c>igc-cps2ter</c>: the policy of posts speaks of it too.</param>
/// <param name="Issuers">SHA-256 of the certificates of its issuers, hexadecimal: no other issuer opens anything.</param>
/// <param name="Roots">The same of its roots: an issuer counts only under one of them.</param>
/// <param name="Until">Last day on which its certificates open anything; null: as long as they are valid.</param>
/// <param name="Algorithms">What its cards may sign with.</param>
/// <param name="Test">Certificates of a test PKI: only where the installation accepts them, which none in production does.</param>
/// <param name="Software">Its certificates prove structures' software, and open no card's session; without it they are cards', and prove no software.</param>
internal sealed record Pki(string Id, IReadOnlyList<string> Issuers, IReadOnlyList<string> Roots, DateOnly? Until, IReadOnlyList<string> Algorithms, bool Test, bool Software)
{
    public const string File = "pkis.json";

    /// <summary>The drawer's cards, which no file needs to name: their root bears a mark, and is trusted nowhere but in the demo.</summary>
    public static Pki Demo { get; } = new("igc-sante", [], [], null, CardVerification.Algorithms, false, false);

    /// <summary>Null when there is no file.</summary>
    /// <exception cref="InvalidDataException">It says something that cannot be.</exception>
    public static IReadOnlyList<Pki>? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
            return null;
        var entries = JsonSerializer.Deserialize<Entry[]>(System.IO.File.ReadAllBytes(path), JsonSerializerOptions.Web) ?? [];
        return [.. entries.Select(Of)];
    }

    private static Pki Of(Entry entry)
    {
        if (entry is not { Id.Length: > 0, Issuers.Length: > 0, Roots.Length: > 0 })
            throw new InvalidDataException($"{File}: each PKI needs an id, issuers and roots.");
        var algorithms = entry.Algorithms ?? ["RS256"];
        if (algorithms.Except(CardVerification.Algorithms).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"{File}: unknown algorithm {unknown}.");
        return new Pki(entry.Id, [.. entry.Issuers.Select(Plain)], [.. entry.Roots.Select(Plain)], entry.Until, algorithms, entry.Test, entry.Software);
    }

    private static string Plain(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();

    private sealed record Entry(string? Id, string[]? Issuers, string[]? Roots, DateOnly? Until, string[]? Algorithms, bool Test, bool Software);
}
