using Cdr.Contracts.Rights;
using Cdr.Domain;
using static Cdr.Rights.Statements.StatementWords;

namespace Cdr.Rights.Statements;

/// <summary>What one regime said, section by section, each with how fresh it is: in the order of the page.</summary>
internal static class AffiliationSections
{
    public static IEnumerable<StatementSection> Of(Affiliation affiliation, string timeZone)
    {
        StatementSection Section(string title, IEnumerable<StatementLine> lines, bool folded = false) => new()
        {
            Source = affiliation.Source.Name,
            Title = Text(title),
            Freshness = affiliation.Source.Freshness,
            FreshnessText = FreshnessOf(affiliation.Source, timeZone),
            Folded = folded,
            Lines = [.. lines],
        };
        StatementSection Several(string title, IEnumerable<Conclusion> conclusions, string none) =>
            Section(title, conclusions.SelectMany(Lines).DefaultIfEmpty(new StatementLine(null, Text(none))), folded: true);

        // Not named there: it has its own section.
        var otherCover = affiliation.BaseRights.State != RightState.Open && affiliation.Ame.State == RightState.Open;
        yield return Section("BaseRights", [.. Lines(affiliation.BaseRights), .. otherCover ? [new StatementLine(null, Text("OtherCoverBelow"))] : Array.Empty<StatementLine>()]);
        if (affiliation.FullThirdPartyPayment is { } payment)
            yield return Section("FullThirdParty", [new(null, payment.Sentence)]);
        yield return Section("Identification", Identification(affiliation));
        yield return Section("Organism", Organism(affiliation.Organism));
        yield return Section("AttendingPhysician", Physician(affiliation.AttendingPhysician));
        yield return Section("C2s", Lines(affiliation.C2s), folded: true);
        yield return Several("Exemptions", [.. affiliation.FullCover is { } cover ? [cover] : Array.Empty<Conclusion>(), affiliation.Maternity, .. affiliation.Exemptions], "NoExemption");
        yield return Several("Modulations", affiliation.Modulations, "NoModulation");
        yield return Section("Ame", Lines(affiliation.Ame), folded: true);
        yield return Section("WorkAccidents", WorkAccidents(affiliation.WorkAccidents), folded: true);
    }

    private static string FreshnessOf(AffiliationSource source, string timeZone)
    {
        var text = $"{Text("Freshness-" + Wire(source.Freshness))} {Text("ObtainedAt", Instant(source.ObtainedAt, timeZone))}";
        if (source.ReliableUntil is { } until)
            text = $"{text} {Text("ReliableUntil", Instant(until, timeZone))}";
        return source.Freshness == Freshness.Stale ? $"{text} {Text("StaleNoProof")}" : text;
    }

    private static IEnumerable<StatementLine> Lines(Conclusion conclusion)
    {
        yield return new(Text("State-" + Wire(conclusion.State)), conclusion.Sentence);
        if (conclusion.Label is { } label)
            yield return new(null, label + (conclusion.Code is { } code ? $" ({Text("Code", code)})" : ""));
        if (Period(conclusion.Start, conclusion.End) is { } period)
            yield return new(null, period);
        if (conclusion.WithParticipation is { } participation)
            yield return new(null, Text(participation ? "WithParticipation" : "WithoutParticipation"));
        if (conclusion.ComplementaryBody is { } body)
            yield return new(null, Text("ComplementaryBody", body));
        yield return new(null, Text("Rule", conclusion.Rule));
    }

    private static IEnumerable<StatementLine> Identification(Affiliation affiliation)
    {
        var (patient, insured) = (affiliation.Beneficiary, affiliation.Insured);
        yield return new(Text("Patient"), $"{patient.FamilyName}{(patient.NameInUse is { } used ? $" ({Text("NameInUse", used)})" : "")} {patient.GivenName}");
        yield return new(Text("BornOn"), $"{StatementWords.Birth(patient.BirthDate)} · {Text("Rank", patient.BirthRank)}");
        if (BirthDate.Parse(patient.BirthDate).TryGet(out var birth, out _) && birth.IsLunar)
            yield return new(null, Text("Lunar"));
        yield return new(Text("Quality"), patient.QualityLabel);
        if (insured.IsPatient)
        {
            yield return new(Text("PatientIsInsured"), Number(insured.Nir, insured.NirKey));
            if (Nir.Parse(insured.Nir).TryGet(out var nir, out _) && nir.Kind == NirKind.Provisional)
                yield return new(null, Text("ProvisionalNumber"));
        }
        else
        {
            if (patient.Nir is { } own)
                yield return new(Text("PatientNir"), Number(own, patient.NirKey));
            yield return new(Text("Insured"), $"{insured.FamilyName} {insured.GivenName}");
            yield return new(Text("InsuredNir"), $"{Number(insured.Nir, insured.NirKey)} {Text("NotThePatients")}");
        }

        if (affiliation.PassingMigrant is { } migrant)
            yield return new(null, migrant.Sentence);
    }

    private static IEnumerable<StatementLine> Organism(ManagingOrganism organism)
    {
        yield return new(Text("OrganismCode"), $"{organism.RegimeCode}–{organism.Caisse}–{organism.Centre}");
        yield return new(Text("OrganismLabel"), organism.Label);
        if (organism.ManagementCode is { } code)
            yield return new(Text("ManagementCode"), code);
        if (organism.ManagementCentre is { } centre)
            yield return new(Text("ManagementCentre"), centre);
    }

    private static IEnumerable<StatementLine> Physician(AttendingPhysician physician)
    {
        yield return new(null, physician.Sentence);
        if (physician.Name is { } name)
            yield return new(null, name + (physician.Number is { } number ? $" ({number})" : ""));
    }

    private static IEnumerable<StatementLine> WorkAccidents(IReadOnlyList<WorkAccident>? accidents) => accidents switch
    {
        null => [new(null, Text("WorkAccidentsNotGiven"))],
        [] => [new(null, Text("NoWorkAccident"))],
        _ =>
        [
            new(null, Text("WorkAccidentsNeverApplied")),
            .. accidents.Select(one => new StatementLine(null,
                one.Number + (one.Date is { } date ? ", " + Text("AccidentOf", Day(date)) : "") + (one.End is { } end ? ", " + Text("PeriodUntil", Day(end)) : ""))),
        ],
    };

    private static string Wire<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
