using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Inquiry;

/// <summary>Canonical text of who is asked about: input of keyed hashes only, never written anywhere.</summary>
internal static class SubjectText
{
    /// <summary>Every part with its length, so that no two different subjects give one text.</summary>
    public static string Of(RegimeSubject subject) => subject switch
    {
        RegimeSubject.ByNir nir => Parts("nir", nir.Nir.Value, nir.BeneficiaryBirthDate?.Iso, nir.BeneficiaryBirthRank?.Value.ToString(CultureInfo.InvariantCulture)),
        RegimeSubject.ByName name => Parts("name", Fold(name.FamilyName), Fold(name.GivenName), name.BirthDate.Iso),
        _ => throw new InvalidOperationException("A subject of another kind."),
    };

    /// <summary>Canonical text of the person, for the pseudonym: by NIR alone, so that an insured person's family is found together.</summary>
    public static string Person(RegimeSubject subject) => subject switch
    {
        RegimeSubject.ByNir nir => PersonByNir(nir.Nir.Value),
        _ => Of(subject),
    };

    public static string PersonByNir(string nir) => Parts("nir", nir);

    internal static string Parts(params ReadOnlySpan<string?> parts)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        foreach (var part in parts)
        {
            // Absent and empty differ.
            text.AppendFormatted(part?.Length ?? -1);
            text.AppendLiteral(":");
            text.AppendFormatted(part);
            text.AppendLiteral("|");
        }

        return text.ToStringAndClear();
    }

    // Case and surrounding spaces do not make another person; accents are left to the regimes.
    private static string Fold(string name) => name.Trim().Normalize(NormalizationForm.FormC).ToUpperInvariant();
}
