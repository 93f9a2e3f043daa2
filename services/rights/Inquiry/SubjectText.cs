using System.Globalization;
using System.Text;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Inquiry;

/// <summary>Canonical text of who is asked about: input of keyed hashes only, never written anywhere.</summary>
internal static class SubjectText
{
    public static string Of(RegimeSubject subject)
    {
        var text = new CanonicalText(stackalloc char[256]);
        Write(ref text, subject);
        return text.Written.ToString();
    }

    /// <summary>The same, without a string of it.</summary>
    public static void Write(ref CanonicalText into, RegimeSubject subject)
    {
        switch (subject)
        {
            case RegimeSubject.ByNir nir:
                into.Add("nir");
                into.Add(nir.Nir.Value);
                into.Add(nir.BeneficiaryBirthDate?.Iso);
                into.Add(nir.BeneficiaryBirthRank?.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case RegimeSubject.ByName name:
                into.Add("name");
                into.Add(Fold(name.FamilyName));
                into.Add(Fold(name.GivenName));
                into.Add(name.BirthDate.Iso);
                break;
            default:
                throw new InvalidOperationException("A subject of another kind.");
        }
    }

    /// <summary>Keyed hash of the person, for the pseudonym: by NIR alone, so that an insured person's family is found together.</summary>
    public static byte[] Person(Pseudonyms pseudonyms, string purpose, RegimeSubject subject)
    {
        var text = new CanonicalText(stackalloc char[256]);
        if (subject is RegimeSubject.ByNir { Nir.Value: var nir })
        {
            text.Add("nir");
            text.Add(nir);
        }
        else
        {
            Write(ref text, subject);
        }

        return pseudonyms.Of(purpose, text.Written);
    }

    public static string PersonByNir(string nir) => Parts("nir", nir);

    internal static string Parts(params ReadOnlySpan<string?> parts)
    {
        var text = new CanonicalText(stackalloc char[256]);
        foreach (var part in parts)
            text.Add(part);
        return text.Written.ToString();
    }

    // Case and surrounding spaces do not make another person; accents are left to the regimes.
    private static string Fold(string name) => name.Trim().Normalize(NormalizationForm.FormC).ToUpperInvariant();
}
