namespace Cdr.Domain;

/// <summary>One of the 18 regions since 2016, by its INSEE code.</summary>
public sealed record Region
{
    private Region(string code, string name)
    {
        Code = code;
        Name = name;
    }

    public static IReadOnlyList<Region> All { get; } = Array.AsReadOnly<Region>(
    [
        new("84", "Auvergne-Rhône-Alpes"),
        new("27", "Bourgogne-Franche-Comté"),
        new("53", "Bretagne"),
        new("24", "Centre-Val de Loire"),
        new("94", "Corse"),
        new("44", "Grand Est"),
        new("32", "Hauts-de-France"),
        new("11", "Île-de-France"),
        new("28", "Normandie"),
        new("75", "Nouvelle-Aquitaine"),
        new("76", "Occitanie"),
        new("52", "Pays de la Loire"),
        new("93", "Provence-Alpes-Côte d'Azur"),
        new("01", "Guadeloupe"),
        new("02", "Martinique"),
        new("03", "Guyane"),
        new("04", "La Réunion"),
        new("06", "Mayotte"),
    ]);

    /// <value>2 digits; not a department code.</value>
    public string Code { get; }

    public string Name { get; }

    public override string ToString() => Name;
}
