namespace Cdr.Portal.Tickets;

/// <summary>What a card or a paper says of a person's rights, in the order it is read there. The names are the API's.</summary>
internal static class DifferenceFields
{
    public static IReadOnlyList<DifferenceField> All { get; } =
    [
        new("nir"), new("insuredNir"), new("familyName"), new("givenName"), new("birthDate"), new("birthRank"), new("regimeCode"), new("caisse"), new("centre"), new("baseRights", IsYesNo: true), new("rightsStart"), new("rightsEnd"),
        new("c2s", IsYesNo: true), new("c2sEnd"), new("ame", IsYesNo: true), new("exemption", IsYesNo: true), new("attendingPhysician"),
    ];

    public static IReadOnlyList<string> Sources { get; } = ["card", "attestation", "other"];
}

/// <param name="Name">As the API says it.</param>
/// <param name="IsYesNo">Yes or no, and nothing to type.</param>
internal sealed record DifferenceField(string Name, bool IsYesNo = false);
