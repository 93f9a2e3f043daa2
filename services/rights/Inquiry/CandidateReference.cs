using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Inquiry;

/// <summary>
/// A picked person, sealed: the NIR of a homonym stays out of the page until picked. Good for one establishment and one hour; names
/// the regime that proposed them, which alone is then asked.
/// </summary>
internal sealed class CandidateReference([FromKeyedServices("Rights")] Sealer sealer, TimeProvider clock)
{
    private const string Purpose = "candidate";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public string Make(RegimeRow regime, RegimeSubject asked, RegimeCandidate candidate, Finess establishment)
    {
        // Beneficiaries of an insured person are told apart under the number that was asked; homonyms carry their own.
        var nir = asked is RegimeSubject.ByNir byNir ? byNir.Nir : candidate.Nir;
        var content = new Content(
            clock.GetUtcNow() + Lifetime, regime.Id.Value, nir?.Value, candidate.FamilyName, candidate.GivenName, candidate.BirthDate.Iso, candidate.BirthRank?.Value);
        return Base64Url.EncodeToString(sealer.Seal(Purpose, Encoding.UTF8.GetBytes(establishment.Value), JsonSerializer.SerializeToUtf8Bytes(content)));
    }

    /// <param name="Regime">Which proposed the person.</param>
    /// <param name="Until">When it is no longer good: it may be past.</param>
    public readonly record struct Proposal(string Regime, DateTimeOffset Until);

    /// <summary>False when it is not one of ours, or of another establishment.</summary>
    public bool TryRead(string reference, Finess establishment, out RegimeSubject? subject, out Proposal? proposal)
    {
        (subject, proposal) = (null, null);
        if (!Base64Url.IsValid(reference))
            return false;
        var sealedBytes = Base64Url.DecodeFromChars(reference);
        if (!sealer.TryOpen(Purpose, Encoding.UTF8.GetBytes(establishment.Value), sealedBytes, out var plain)
            || JsonSerializer.Deserialize<Content>(plain) is not { } content)
            return false;
        proposal = new Proposal(content.Regime, content.Until);
        var birthDate = BirthDate.Parse(content.BirthDate).Value;
        subject = content.Nir is { } nir
            ? new RegimeSubject.ByNir(Nir.Parse(nir).Value, birthDate, content.BirthRank is { } rank ? BirthRank.Create(rank).Value : null)
            : new RegimeSubject.ByName(content.FamilyName, content.GivenName, birthDate);
        return true;
    }

    private sealed record Content(DateTimeOffset Until, string Regime, string? Nir, string FamilyName, string GivenName, string BirthDate, int? BirthRank);
}
