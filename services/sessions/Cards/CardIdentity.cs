using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Cdr.Domain;

namespace Cdr.Sessions.Cards;

/// <summary>What a card says of its holder.</summary>
/// <param name="Kind">CPS, CPE…</param>
/// <param name="Number">National identifier, its prefix before it: 8 and the RPPS, 3 and a FINESS with the employee's number…</param>
/// <param name="FamilyName">Empty on a card that is not nominative.</param>
/// <param name="GivenName">The same.</param>
/// <param name="KindTold">The card's extension told the kind; otherwise it is guessed from the subject, where a CDE looks like a CPE and a CDA like a CPA.</param>
/// <param name="Structure">Number of the structure, its prefix before it; null on a CPS.</param>
internal sealed record CardIdentity(CardKind Kind, bool KindTold, string Number, string FamilyName, string GivenName, string? Structure)
{
    /// <summary>FINESS of the employer, where the card names one.</summary>
    public string? Employer => Structure is ['3', .. var finess] && Finess.Parse(finess).TryGet(out var read, out _) ? read.Value : null;

    /// <summary>Prefixes 1 and 6 are practices.</summary>
    public bool IsPractice => Structure is ['1' or '6', ..];

    /// <summary>Masked: names and a national identifier.</summary>
    public override string ToString() => $"{nameof(CardIdentity)} {Kind}";

    /// <summary>Null when the subject is not that of a card.</summary>
    public static CardIdentity? Read(X509Certificate2 certificate, TrustOptions options)
    {
        try
        {
            var subject = new SubjectAttributes(certificate.SubjectName.RawData);
            if (subject.Number is not { Length: > 1 and <= 128 } number || KindOf(certificate, subject, options) is not var (kind, told))
                return null;
            return new CardIdentity(kind, told, number, subject.FamilyName ?? "", subject.GivenName ?? "", subject.Structure);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static (CardKind Kind, bool Told)? KindOf(X509Certificate2 certificate, SubjectAttributes subject, TrustOptions options)
    {
        var extension = options.KindExtension is { Length: > 0 } oid ? certificate.Extensions[oid] : null;
        // Present but not understood is not guessed.
        if (extension is not null)
        {
            var text = SubjectAttributes.Text(new AsnReader(extension.RawData, AsnEncodingRules.DER));
            return text is not null && CardKind.Parse(options.KindValues.GetValueOrDefault(text, text)).TryGet(out var told, out _) ? (told, true) : null;
        }

        // No extension is published. The subject's shape does not tell a CDE from a CPE, nor a CDA from a CPA: such a card opens what the directory granted its holder, and nothing by its employer.
        CardKind? guessed = subject switch
        {
            { Pseudonym: not null } => CardKind.CpeService,
            { Number: ['8' or '0', ..], Title: not null } => CardKind.Cps,
            // Prefix 3 stands before a FINESS and before a SIRET.
            { Number: ['5', ..], Structure: ['3', .. { Length: 14 }], FamilyName: not null } => CardKind.Cpa,
            { Structure: ['3' or '1' or '6', ..], FamilyName: not null } => CardKind.CpeNominative,
            _ => null,
        };
        return guessed is { } kind ? (kind, false) : null;
    }
}
