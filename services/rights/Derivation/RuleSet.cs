namespace Cdr.Rights.Derivation;

/// <summary>
/// The rules as they were at one time. The version is in every answer and in its journal record: an old consultation is derived again
/// by its own. A set that has answered is never changed; what a later one does otherwise is a switch here.
/// </summary>
internal sealed record RuleSet
{
    private RuleSet(string version) => Version = version;

    public static RuleSet V2026R1 { get; } = new("2026.1");

    public static RuleSet V2026R2 { get; } = new("2026.2")
    {
        BreaksTies = true, AmeStandsAlone = true, DepartureWeighs = true, DatesThePhysician = true, RanksFullCover = true, NamesMigrants = true,
        DoubtsC2sElsewhere = true,
    };

    public static RuleSet V2026R3 { get; } = V2026R2 with { Version = "2026.3", NamesTheOtherDate = true, DoubtsC2sBodies = true };

    public static RuleSet Current => V2026R3;

    public static IReadOnlyList<RuleSet> All { get; } = [V2026R1, V2026R2, V2026R3];

    public string Version { get; private init; }

    /// <value>What decides does not depend on the order in which a regime lists things.</value>
    public bool BreaksTies { get; private init; }

    /// <value>Base rights beside an open AME are for a person to decide; that there is no carte Vitale is said.</value>
    public bool AmeStandsAlone { get; private init; }

    /// <value>What rests on base rights that a departure puts in doubt is in doubt too, and so is an AME.</value>
    public bool DepartureWeighs { get; private init; }

    /// <value>The médecin traitant's period is said whole, and not beyond the horizon.</value>
    public bool DatesThePhysician { get; private init; }

    /// <value>Which reason of full cover goes first is said (VF).</value>
    public bool RanksFullCover { get; private init; }

    public bool NamesMigrants { get; private init; }

    /// <value>C2S of a dispensing day without base rights is not closed: it may be another regime's.</value>
    public bool DoubtsC2sElsewhere { get; private init; }

    /// <value>What is said of the other of two dates (CP01, dispensing) names it, also where it decides nothing.</value>
    public bool NamesTheOtherDate { get; private init; }

    /// <value>C2S whose code says the caisse and whose number is of another body: two managers.</value>
    public bool DoubtsC2sBodies { get; private init; }

    /// <returns>Null when there never was such a version.</returns>
    public static RuleSet? Find(string version) => All.FirstOrDefault(one => one.Version == version);

    public override string ToString() => Version;
}
