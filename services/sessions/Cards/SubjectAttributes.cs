using System.Formats.Asn1;

namespace Cdr.Sessions.Cards;

/// <summary>
/// A certificate's subject from its raw bytes: the cards put name, given name and number in one multi-valued RDN, where .NET's
/// <c>GetSingleElementType</c> throws.
/// </summary>
internal sealed class SubjectAttributes
{
    private const string CommonName = "2.5.4.3";
    private const string Surname = "2.5.4.4";
    private const string OrganizationalUnit = "2.5.4.11";
    private const string TitleAttribute = "2.5.4.12";
    private const string GivenNameAttribute = "2.5.4.42";
    private const string PseudonymAttribute = "2.5.4.65";

    private readonly List<(string Type, string Value)> values = [];

    /// <exception cref="AsnContentException">Not a name.</exception>
    public SubjectAttributes(ReadOnlyMemory<byte> raw)
    {
        var name = new AsnReader(raw, AsnEncodingRules.DER).ReadSequence();
        while (name.HasData)
        {
            // Real certificates do not always sort their sets.
            var set = name.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                var attribute = set.ReadSequence();
                var type = attribute.ReadObjectIdentifier();
                if (Text(attribute) is { } text)
                    values.Add((type, text));
            }
        }
    }

    public string? Number => First(CommonName);

    public string? FamilyName => First(Surname);

    public string? GivenName => First(GivenNameAttribute);

    public string? Title => First(TitleAttribute);

    public string? Pseudonym => First(PseudonymAttribute);

    /// <summary>Structure's number: a prefix that tells its kind, then the number.</summary>
    public string? Structure => First(OrganizationalUnit);

    public static string? Text(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.Universal)
            return null;
        return (UniversalTagNumber)tag.TagValue switch
        {
            var kind and (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.T61String or UniversalTagNumber.BMPString) => reader.ReadCharacterString(kind),
            UniversalTagNumber.Integer => reader.ReadInteger().ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private string? First(string type)
    {
        foreach (var value in values)
        {
            if (value.Type == type && value.Value.Length > 0)
                return value.Value;
        }

        return null;
    }
}
