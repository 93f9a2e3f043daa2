namespace Cdr.Domain;

/// <summary>What kind of care is given: which of its dates the rights are looked at (SFG, CF600).</summary>
public sealed record CareKind
{
    private CareKind(string id, string label, string dateLabel)
    {
        Id = id;
        Label = label;
        DateLabel = dateLabel;
    }

    public static CareKind IsolatedAct { get; } = new("isolated-act", "Acte isolé", "date de l'acte");

    public static CareKind Series { get; } = new("series", "Série d'actes", "date de l'acte");

    public static CareKind Stay { get; } = new("stay", "Séjour", "date d'entrée");

    public static CareKind DentalProsthetics { get; } = new("dental-prosthetics", "Prothèse dentaire", "date d'achèvement");

    public static CareKind Laboratory { get; } = new("laboratory", "Analyses de laboratoire", "date de réalisation");

    public static CareKind Devices { get; } = new("devices", "Appareillage", "date de délivrance");

    public static CareKind Pharmacy { get; } = new("pharmacy", "Pharmacie", "date de délivrance");

    private static ClosedSet<CareKind> Known { get; } = new(
        "care-kind", "Le type de soins", static one => one.Id,
        IsolatedAct, Series, Stay, DentalProsthetics, Laboratory, Devices, Pharmacy);

    public static IReadOnlyList<CareKind> All => Known.All;

    /// <value>Kebab-case.</value>
    public string Id { get; }

    /// <value>In French, for the screen.</value>
    public string Label { get; }

    /// <value>In French: what the care date of such care is.</value>
    public string DateLabel { get; }

    /// <value>Rights are looked at on the date of the prescription.</value>
    public bool IsByPrescription => this == Series || this == Laboratory || IsDispensed;

    /// <value>C2S is looked at on the date done, whatever the prescription's.</value>
    public bool IsDispensed => this == Devices || this == Pharmacy;

    /// <value>A prescription may go before it.</value>
    public bool MayBePrescribed => IsByPrescription || this == IsolatedAct;

    public static Parsed<CareKind> Parse(string? text) => Known.Parse(text);

    public override string ToString() => Id;
}
