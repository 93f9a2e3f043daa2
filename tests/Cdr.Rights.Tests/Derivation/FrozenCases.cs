using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>A question about one file, to be put into the record of a version.</summary>
internal sealed record FrozenCase(string Name, Care Care, DatedRights Rights)
{
    public ConsultationReason Reason { get; init; } = ConsultationReason.Emergency;

    public Departure? Departure { get; init; }

    public bool GivesWorkAccidents { get; init; } = true;

    public Evidence Evidence => new(Known.Today, Care.Nature?.Code, [new Evidence.File(GivesWorkAccidents, Departure, Rights)]);
}

/// <summary>
/// What the record of a new version is made of: every rule, every sentence, every kind of care, every code that has a label. What is added
/// here is in the records of later versions only: those that are there are never made again.
/// </summary>
internal static class FrozenCases
{
    private const string Done = "2026-04-20";
    private const string Prescribed = "2026-01-20";

    private static readonly CarePeriod Year = Known.Period("2026-01-01/2026-12-31");
    private static readonly CarePeriod Before = Known.Period("2026-01-01/2026-03-31");
    private static readonly CarePeriod After = Known.Period("2026-04-01/2027-06-30");
    private static readonly CarePeriod Long = Known.Period("2026-01-01/2029-12-31");
    private static readonly Organism Elsewhere = Organism.Parse("015610000").Value;
    private static readonly DatedExemption Ald = new(Exemption.LongTermIllness13, Year);
    private static readonly Care Plain = new(Known.Day(Done));

    private static readonly DatedRights None = Known.Rights with { BasePeriods = [] };

    /// <value>Of everything something that begins, and something that ends, between a prescription and what is done by it.</value>
    private static readonly DatedRights Changing = Known.Rights with
    {
        Exemptions = [new(Exemption.LongTermIllness13, After), new(Exemption.Maternity, Before)],
        Modulations = [new(Modulation.AlsaceMoselleLocalRegime, After), new(Modulation.Aspa, Before)],
        Situations =
        [
            Known.C2s with { Situation = SpecialSituation.C2sManagedByCaisse2, Period = Before, Participation = true },
            Known.C2s with { Period = After },
        ],
        Maternities = [new(After, null)],
        Physician = Doctor("2026-02-01", null),
    };

    public static IEnumerable<FrozenCase> All =>
    [
        .. CareKind.All.Select(kind => new FrozenCase($"care {kind}", Of(kind), Changing)),
        .. CareKind.All.Select(kind => new FrozenCase($"care {kind}, base rights of the first date alone", Of(kind), Changing with { BasePeriods = [Before] })),
        .. CareKind.All.Select(kind => new FrozenCase($"care {kind}, base rights of the second date alone", Of(kind), Changing with { BasePeriods = [After] })),
        .. Base, .. Ame, .. C2s, .. Coded, .. Maternity, .. Physician, .. WorkAccidents, .. Payment, .. Cover,
        new("a passing migrant", Plain, Known.Rights with { Insured = Known.Rights.Insured with { Nir = Nir.Parse("5185056600903").Value } }),
        new("beyond the horizon", new Care(Known.Today.AddYears(1).AddDays(1)), Changing with { BasePeriods = [Long], Situations = [Known.Ame with { Period = Long }, Known.C2s with { Period = Long }] }),
        new("the last day within the horizon", new Care(Known.Today.AddYears(1)), Changing with { BasePeriods = [Long], Situations = [Known.C2s with { Period = Long }] }),
    ];

    private static IEnumerable<FrozenCase> Base =>
    [
        new("base: no period", Plain, None),
        new("base: ended", Plain, Known.Rights with { BasePeriods = [Before, Known.Period("2020-01-01/2024-12-31")] }),
        new("base: not begun", Plain, Known.Rights with { BasePeriods = [Known.Period("2026-05-01/..")] }),
        new("base: with an end", Plain, Known.Rights with { BasePeriods = [Year] }),
        new("base: an end beyond the horizon", Plain, Known.Rights with { BasePeriods = [Long] }),
        new("base: the last day", new Care(Before.End!.Value), Known.Rights with { BasePeriods = [Before] }),
        new("base: two that end together", Plain, Known.Rights with { BasePeriods = [Known.Period("2026-03-01/2026-12-31"), Year] }),
        new("gone, it does not say since when", Plain, Changing) { Departure = new Departure(null) },
        new("gone since that day", Plain, Changing) { Departure = new Departure(Known.Day(Done)) },
        new("gone later", Plain, Changing) { Departure = new Departure(Known.Day(Done).AddDays(1)) },
        new("gone between prescription and delivery", Of(CareKind.Pharmacy), Changing with { Situations = [] }) { Departure = new Departure(After.Start) },
    ];

    private static IEnumerable<FrozenCase> Ame =>
    [
        new("ame: open", Plain, None with { Situations = [Known.Ame, Known.C2s], Exemptions = [Ald], Modulations = [new(Modulation.Aspa, Year)], Maternities = [new(Year, null)] }),
        new("ame: open, no body named", Plain, None with { Situations = [Known.Ame with { ComplementaryBody = null, Period = Known.Period("2026-01-01/..") }] }),
        new("ame: another body named", Plain, None with { Situations = [Known.Ame with { ComplementaryBody = ComplementaryBody.C2sManagedByCaisse }] }),
        new("ame: two of one period, one of another body", Plain, None with { Situations = [Known.Ame, Known.Ame with { ComplementaryBody = ComplementaryBody.C2sManagedByCaisse }] }),
        new("ame: beside base rights", Plain, Known.Rights with { Situations = [Known.Ame] }),
        new("ame: ended", Plain, None with { Situations = [Known.Ame with { Period = Before }] }),
        new("ame: none, and it is what is asked for", Plain, None) { Reason = ConsultationReason.StateMedicalAid },
        new("ame: of one who is gone", Plain, None with { Situations = [Known.Ame, Known.C2s] }) { Departure = new Departure(Known.Day(Done)) },
        new("ame: of the prescription", Of(CareKind.Series), Changing with { BasePeriods = [After], Situations = [Known.Ame with { Period = Before }] }),
        new("ame: of the delivery", Of(CareKind.Pharmacy), Changing with { BasePeriods = [Before], Situations = [Known.Ame with { Period = After }] }),
    ];

    private static IEnumerable<FrozenCase> C2s =>
    [
        new("c2s: 1, without participation", Plain, Known.Rights with { Situations = [Known.C2s] }),
        new("c2s: 2, with participation", Plain, Known.Rights with { Situations = [Known.C2s with { Situation = SpecialSituation.C2sManagedByCaisse2, Participation = true }] }),
        new("c2s: 3, it does not say which, without end", Plain, Known.Rights with
        {
            Situations = [Known.C2s with { Situation = SpecialSituation.C2sManagedSeparately, Participation = null, Period = Known.Period("2026-01-01/..") }],
        }),
        new("c2s: a body of its own", Plain, Known.Rights with { Situations = [Known.C2s with { ComplementaryBody = ComplementaryBody.Parse("12345678").Value }] }),
        new("c2s: separately, a body of its own", Plain, Known.Rights with
        {
            Situations = [Known.C2s with { Situation = SpecialSituation.C2sManagedSeparately, ComplementaryBody = ComplementaryBody.Parse("12345678").Value }],
        }),
        new("c2s: two managers", Plain, Known.Rights with { Situations = [Known.C2s with { ComplementaryBody = ComplementaryBody.C2sManagedSeparately }] }),
        new("c2s: not begun", Plain, Known.Rights with { Situations = [Known.C2s with { Period = Known.Period("2026-05-01/2026-12-31") }] }),
        new("c2s: without base rights", Plain, None with { Situations = [Known.C2s] }),
        new("c2s: of two, the one without participation", Plain, Known.Rights with { Situations = [Known.C2s with { Participation = true, Period = Long }, Known.C2s] }),
        new("c2s: of two that cost the same, the one that lasts", Plain, Known.Rights with { Situations = [Known.C2s, Known.C2s with { Period = Known.Period("2026-01-01/2027-03-31") }] }),
        new("c2s: ended before the delivery", Of(CareKind.Devices), Known.Rights with { Situations = [Known.C2s with { Period = Before }] }),
        new("c2s: none, of a delivery", Of(CareKind.Devices), Known.Rights),
        new("c2s: none, of a delivery after the base rights", Of(CareKind.Pharmacy), Known.Rights with { BasePeriods = [Before] }),
        new("c2s: without participation the day it was prescribed", Of(CareKind.IsolatedAct), Known.Rights with { Situations = [Known.C2s with { Period = Before }, Known.C2s with { Period = After, Participation = true }] }),
    ];

    private static IEnumerable<FrozenCase> Coded =>
    [
        new("every exemption", Plain, Known.Rights with { Exemptions = [.. Exemption.All.Select(one => new DatedExemption(one, Year))] }),
        new("every modulation", Plain, Known.Rights with { Modulations = [.. Modulation.All.Select(one => new DatedModulation(one, Known.Period("2026-01-01/..")))] }),
        new("exemption: in several periods, and others ended or not begun", Plain, Known.Rights with
        {
            Exemptions = [new(Exemption.SpecialCare17, Before), new(Exemption.LongTermIllness13, Before), Ald, new(Exemption.LongTermIllness9, Known.Period("2026-05-01/.."))],
        }),
        new("exemption and modulation: without base rights", Plain, None with { Exemptions = [Ald], Modulations = [new(Modulation.CrossBorderLocalRegime, Year)] }),
    ];

    private static IEnumerable<FrozenCase> Maternity =>
    [
        new("maternity: of the file's organism", Plain, Known.Rights with { Maternities = [new(Year, Known.Rights.Organism.Code)] }),
        new("maternity: of another organism", Plain, Known.Rights with { Maternities = [new(Year, Elsewhere)] }),
        new("maternity: of two organisms", Plain, Known.Rights with { Maternities = [new(Year, null), new(Known.Period("2026-02-01/2026-12-31"), Elsewhere)] }),
        new("maternity: over", Plain, Known.Rights with { Maternities = [new(Before, null)] }),
        new("maternity: without base rights", Plain, None with { Maternities = [new(Year, null)] }),
    ];

    private static IEnumerable<FrozenCase> Physician =>
    [
        new("physician: none declared", Plain, Known.Rights with { Physician = new(false, null, null, null, null) }),
        new("physician: without period", Plain, Known.Rights with { Physician = Doctor(null, null) }),
        new("physician: not begun", Plain, Known.Rights with { Physician = Doctor("2026-05-01", null) }),
        new("physician: over", Plain, Known.Rights with { Physician = Doctor("2026-01-01", "2026-03-31") }),
        new("physician: from and to", Plain, Known.Rights with { Physician = Doctor("2026-01-01", "2026-12-31") }),
        new("physician: to", Plain, Known.Rights with { Physician = Doctor(null, "2026-12-31") }),
        new("physician: an end beyond the horizon", Plain, Known.Rights with { Physician = Doctor("2026-01-01", "2029-12-31") }),
    ];

    private static IEnumerable<FrozenCase> WorkAccidents =>
    [
        new("work accidents: two", Plain, Known.Rights with
        {
            WorkAccidents = [new(WorkAccidentNumber.Parse("123456782").Value, Known.Day("2023-05-04"), Known.Day("2023-05-04"), null), new(WorkAccidentNumber.Parse("123456782").Value, null, null, Known.Day("2024-01-31"))],
        }),
        new("work accidents: given by one that does not", Plain, Known.Rights with { WorkAccidents = [new(WorkAccidentNumber.Parse("123456782").Value, null, null, null)] }) { GivesWorkAccidents = false },
        new("work accidents: not given", Plain, Known.Rights) { GivesWorkAccidents = false },
    ];

    private static IEnumerable<FrozenCase> Payment =>
    [
        new("payment in full", Plain, InFull(Year)),
        new("payment in full: over", Plain, InFull(Before)),
        new("payment in full: of the other date", Of(CareKind.Series), InFull(After)),
        new("payment in full: without base rights", Plain, InFull(Year) with { BasePeriods = [] }),
        new("payment in full: of the other date, without base rights", Of(CareKind.Series), InFull(After) with { BasePeriods = [After] }),
        new("payment in full: of the other date, where base rights are of the first alone", Of(CareKind.Series), InFull(After) with { BasePeriods = [Before] }),
        new("payment in full: beside an ame", Plain, InFull(Year) with { BasePeriods = [], Situations = [Known.Ame] }),
        new("payment in full: of another regime it is a pension", Plain, InFull(Year) with { Organism = Miners }),
    ];

    private static IEnumerable<FrozenCase> Cover =>
    [
        .. InsuranceNature.All.Select(nature => new FrozenCase($"nature {nature}", Plain with { Nature = nature }, Known.Rights)),
        new("nature 30, a maternity", Plain with { Nature = InsuranceNature.Maternity }, Known.Rights with { Maternities = [new(Year, null)] }),
        new("nature 30, its exemption", Plain with { Nature = InsuranceNature.Maternity }, Known.Rights with { Maternities = [new(Year, null)], Exemptions = [new(Exemption.Maternity, Long)] }),
        new("nature 41, without base rights", Plain with { Nature = InsuranceNature.WorkAccident }, None),
        new("the miners' regime", Plain, Known.Rights with { Organism = Miners, Exemptions = [new(Exemption.Invalidity, Year)] }),
        new("a pension before an invalidity", Plain, Known.Rights with { Exemptions = [new(Exemption.Invalidity, Year), new(Exemption.MilitaryPension, Year)] }),
        new("an invalidity before an illness", Plain, Known.Rights with { Exemptions = [Ald, new(Exemption.Invalidity, Long)] }),
        new("an illness before a maternity", Plain, Known.Rights with { Exemptions = [new(Exemption.Maternity, Year), Ald] }),
        new("a maternity before special care", Plain, Known.Rights with { Exemptions = [new(Exemption.SpecialCare18, Year), new(Exemption.Maternity, Year)] }),
        new("an invalidity of the other date", Of(CareKind.IsolatedAct), Known.Rights with { Exemptions = [new(Exemption.Invalidity, Before)] }),
        new("an illness of the other date", Of(CareKind.IsolatedAct), Known.Rights with { Exemptions = [new(Exemption.LongTermIllness13, Before)] }),
        new("nature 30, its exemption of the other date", Of(CareKind.IsolatedAct) with { Nature = InsuranceNature.Maternity }, Known.Rights with { Exemptions = [new(Exemption.Maternity, Before)] }),
        new("special care", Plain, Known.Rights with { Exemptions = [new(Exemption.SpecialCare17, Year)] }),
    ];

    private static FileOrganism Miners => Known.Rights.Organism with { Code = Organism.Parse("077500000").Value };

    private static DatedRights InFull(CarePeriod period) => Known.Rights with { ContractSpecificity = "0", Exemptions = [new(Exemption.MilitaryPension, period)] };

    private static DeclaredPhysician Doctor(string? start, string? end) =>
        new(true, "Dr Zoé Älvarez", Rpps.Parse("10001234565").Value, start is null ? null : Known.Day(start), end is null ? null : Known.Day(end));

    private static Care Of(CareKind kind) => new(Known.Day(Done), kind, kind.MayBePrescribed ? Known.Day(Prescribed) : null);
}
