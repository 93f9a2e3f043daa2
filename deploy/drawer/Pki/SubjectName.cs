using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Drawer.Pki;

/// <summary>Subjects in the shape of the real cards: number, name and given name in one multi-valued RDN, which .NET's builder does not make.</summary>
internal static class SubjectName
{
    private const string CommonName = "2.5.4.3";
    private const string Surname = "2.5.4.4";
    private const string Country = "2.5.4.6";
    private const string Organization = "2.5.4.10";
    private const string OrganizationalUnit = "2.5.4.11";
    private const string Title = "2.5.4.12";
    private const string GivenName = "2.5.4.42";
    private const string Pseudonym = "2.5.4.65";

    public static X500DistinguishedName Authority(string name) =>
        Name([(Country, "FR")], [(Organization, "DEMONSTRATION CDR")], [(CommonName, name)]);

    public static X500DistinguishedName Of(DeckCard card)
    {
        var rdns = new List<(string, string)[]> { new[] { (Country, "FR") } };
        if (card.Structure is { } structure)
            rdns.Add([(OrganizationalUnit, structure)]);
        if (card.Profession is { } profession)
            rdns.Add([(Title, profession)]);
        if (card.FamilyName.Length == 0)
            rdns.AddRange([[(Pseudonym, card.GivenName)], [(CommonName, card.Number)]]);
        else
            rdns.Add([(CommonName, card.Number), (Surname, card.FamilyName), (GivenName, card.GivenName)]);
        return Name([.. rdns]);
    }

    private static X500DistinguishedName Name(params (string Type, string Value)[][] rdns)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var rdn in rdns)
            {
                using var set = writer.PushSetOf();
                foreach (var (type, value) in rdn)
                {
                    using var attribute = writer.PushSequence();
                    writer.WriteObjectIdentifier(type);
                    writer.WriteCharacterString(type == Country ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String, value);
                }
            }
        }

        return new X500DistinguishedName(writer.Encode());
    }
}
