using System.Globalization;
using Cdr.Domain;
using Cdr.RegimeSimulator;

namespace Cdr.Rights.Tests.Truth;

/// <summary>One question of the table.</summary>
/// <param name="Who">Key of a named case, or <c>#n</c>, the n-th simulated insured person.</param>
/// <param name="Rank">Place of the beneficiary in the regime's file, from 0.</param>
internal sealed record TruthQuestion(string Who, string Regime, int Rank, string? Kind, DateOnly? Prescription, DateOnly Care, string? Nature);

/// <summary>
/// What is true of a simulated person on a date, read from their history by the rules of the hospital billing specification. Written
/// from the rules' text and the history's own fields: nothing of the service is called, and its order of thought is another one.
/// </summary>
internal sealed class Oracle(SimulatedRights history, string insuredNir, DateOnly today, TruthQuestion question)
{
    private readonly List<string> said = [];

    /// <summary>« section state rule start/end {dates its sentence names} », a line a section.</summary>
    public IReadOnlyList<string> Say()
    {
        var prescribed = question.Prescription;
        var byPrescription = question.Kind is "series" or "laboratory" or "devices" or "pharmacy";
        var day = byPrescription ? prescribed!.Value : question.Care;
        DateOnly? otherDay = prescribed is null || prescribed == question.Care ? null : byPrescription ? question.Care : prescribed;

        if (question.Kind is not null)
            said.Add($"reference {day:yyyy-MM-dd} CF600 {{{French(day)}}}");
        var baseThen = Base(day);
        Add("base", baseThen);
        var ame = Ame(day);
        Add("ame", ame);

        List<(string Code, Verdict Verdict)> exemptions = [];
        var c2s = question.Kind is "devices" or "pharmacy" && otherDay is { } dispensed
            ? Dispensed(day, dispensed)
            : Better(day, otherDay, C2s);
        Add("c2s", c2s);
        foreach (var code in history.Exemptions.Select(one => one.Code).Distinct())
            if (!(code == "1" && IsPaidInFull))
                exemptions.Add((code, Better(day, otherDay, on => Resting(on, Span(history.Exemptions.Where(one => one.Code == code).Select(one => one.Period), on), "CF613"))));
        foreach (var (code, verdict) in exemptions)
            Add($"exemption-{code}", verdict);
        foreach (var code in history.Modulations.Select(one => one.Code).Distinct())
            Add($"modulation-{code}", Better(day, otherDay, on => Resting(on, Span(history.Modulations.Where(one => one.Code == code).Select(one => one.Period), on), "CF613")));
        var maternity = Resting(day, Span(history.Maternities.Select(one => one.Period), day), "CF692");
        Add("maternity", maternity);
        Physician(day);
        var payment = Payment(day, otherDay);
        if (payment is not null)
            Add("payment", payment);
        Cover(baseThen, ame, exemptions, maternity, payment);
        if (insuredNir[0] is '5' or '6' && !insuredNir.StartsWith("555555", StringComparison.Ordinal))
            said.Add("migrant open MIGRANT - {}");
        // Whatever their dates: that the care is due to one of them is for the caller to say.
        foreach (var accident in history.WorkAccidents)
            said.Add($"accident {accident.Number} {(accident.Date is { } happened ? $"{happened:yyyy-MM-dd}" : "-")} {(accident.Period is { } period ? $"{period.Start:yyyy-MM-dd}/{(period.End is { } last ? $"{last:yyyy-MM-dd}" : "..")}" : "-")}");
        return said;
    }

    private bool IsPaidInFull => history.Organism.RegimeCode == "01" && history.ContractSpecificity == "0";

    // Base rights are open if and only if the day is inside a period; AME excludes them.
    private Verdict Base(DateOnly on)
    {
        var found = Span(history.Base, on);
        if (found.Holds && Holds(AmePeriods, on))
            return new Verdict("undetermined", "VF", found.Period, []);
        return new Verdict(found.Holds ? "open" : "closed", "CF611", found.Period, Named(found, on));
    }

    private IEnumerable<CarePeriod> AmePeriods => history.Situations.Where(one => one.Code == "10").Select(one => one.Period);

    private Verdict Ame(DateOnly on)
    {
        var found = Span(AmePeriods, on);
        return new Verdict(found.Holds ? "open" : "closed", found.Holds ? "VF" : "CF612", found.Period, Named(found, on));
    }

    private Verdict C2s(DateOnly on)
    {
        var all = history.Situations.Where(one => one.Code != "10").ToList();
        var free = all.Where(one => one.WithParticipation == false).Select(one => one.Period).ToList();
        // Without participation costs the patient less.
        var isFree = Holds(free, on);
        var verdict = Resting(on, Span(isFree ? free : all.Select(one => one.Period), on), "CF612");
        return verdict with { IsFree = isFree, HasShare = verdict.State == "open" && !isFree };
    }

    private Verdict Resting(DateOnly on, Found found, string rule)
    {
        if (!found.Holds)
            return new Verdict("closed", rule, found.Period, Named(found, on));
        return Holds(AmePeriods, on) ? new Verdict("closed", "VF", found.Period, [])
            : !Holds(history.Base, on) ? new Verdict("undetermined", "CF611", found.Period, [])
            : new Verdict("open", rule, found.Period, Named(found, on));
    }

    // CP01: closed gives way to open, and to doubt; doubt stays; of two open, without participation wins.
    private Verdict Better(DateOnly day, DateOnly? otherDay, Func<DateOnly, Verdict> judge)
    {
        var here = judge(day);
        if (otherDay is not { } on || Holds(AmePeriods, day))
            return here;
        var there = judge(on);
        var wins = here.State == "closed" ? there.State != "closed" : here is { State: "open", HasShare: true } && there is { State: "open", IsFree: true };
        if (!wins)
            return here;
        if (there.State != "open")
            return there with { Rule = "CP01", Dates = [.. there.Dates, on] };
        return Blocked(day, on, there) ?? there with { Rule = "CP01", Dates = [.. there.Dates, on] };
    }

    private Verdict Dispensed(DateOnly day, DateOnly done)
    {
        var there = C2s(done);
        // Of a day on which the regime did not insure the person, it cannot say that there is none.
        if (there.State == "closed" && !Holds(history.Base, done) && !Holds(AmePeriods, done) && !Holds(AmePeriods, day))
            return there with { State = "undetermined", Rule = "CF611", Dates = [done] };
        return there.State != "closed" && Blocked(day, done, there) is { } blocked ? blocked : there with { Dates = [.. there.Dates, done] };
    }

    // Neither date is « cette date »: both are named, as far as they are spoken of.
    private Verdict? Blocked(DateOnly day, DateOnly on, Verdict open) => Holds(AmePeriods, day) ? open with { State = "closed", Rule = "VF", Dates = [day] }
        : !Holds(history.Base, day) ? open with { State = "undetermined", Rule = "CF611", Dates = [on, day] }
        : null;

    private void Physician(DateOnly on)
    {
        var one = history.AttendingPhysician;
        said.Add("physician " + (one switch
        {
            null => "undetermined CF614 - {}",
            { IsDeclared: false } => "closed CF614 - {}",
            { Start: null } => "open CF614 - {}",
            { Start: { } start } when start > on => $"undetermined CF614 {Text(start, one.End)} {{{French(start)}}}",
            { End: { } end } when end < on => $"closed CF614 {Text(one.Start!.Value, end)} {{{French(end)}}}",
            _ => $"open CF614 {Text(one.Start!.Value, one.End)} {{{Join(Known(one.Start.Value, one.End))}}}",
        }));
    }

    // In words that never say why: no date where it is open, and nothing when it does not hold.
    private Verdict? Payment(DateOnly day, DateOnly? otherDay)
    {
        if (!IsPaidInFull || Holds(AmePeriods, day))
            return null;
        foreach (var (on, rule) in new[] { (day, "VF"), (otherDay, "CP01") }.Where(one => one.Item1 is not null).Select(one => (one.Item1!.Value, one.Item2)))
        {
            var found = Span(history.Exemptions.Where(one => one.Code == "1").Select(one => one.Period), on);
            if (found.Holds && !Holds(AmePeriods, on))
                return Holds(history.Base, on) && Holds(history.Base, day) ? new Verdict("open", rule, found.Period, [])
                    : new Verdict("undetermined", "CF611", found.Period, on == day ? [] : Holds(history.Base, on) ? [on, day] : [on]);
        }

        return null;
    }

    // AME, then the nature the caller states, then the mines, then the exempted person, then the act.
    private void Cover(Verdict baseRights, Verdict ame, List<(string Code, Verdict Verdict)> exemptions, Verdict maternity, Verdict? payment)
    {
        Verdict? Exempted(params string[] codes) => exemptions.Where(one => one.Verdict.State == "open" && codes.Contains(one.Code))
            .OrderBy(one => one.Code, StringComparer.Ordinal).Select(one => one.Verdict).FirstOrDefault();
        void Because(Verdict why, string state = "open") => Add("cover", new Verdict(state, "VF", why.Period, why.Rule == "CP01" ? [why.Dates[^1]] : []));

        if (ame.State == "open")
            Because(ame);
        else if (baseRights.State != "open")
            return;
        else if (question.Nature == "30" && (Exempted("6") ?? (maternity.State == "open" ? maternity : null)) is { } pregnant)
            Because(pregnant);
        else if (question.Nature == "30")
            said.Add("cover undetermined VF - {}");
        else if (question.Nature is "41" or "90" || history.Organism.RegimeCode == "07")
            Because(baseRights);
        else if (payment is not null)
            return;
        else if ((Exempted("1") ?? Exempted("14")) is { } person)
            Because(person);
        else if ((Exempted("8", "9", "13", "16") ?? Exempted("6") ?? Exempted("17", "18")) is { } act)
            Because(act, "undetermined");
    }

    private void Add(string section, Verdict verdict) =>
        said.Add($"{section} {verdict.State} {verdict.Rule} {(verdict.Period is { } period ? Text(period.Start, period.End) : "-")} {{{Join(verdict.Dates)}}}");

    private static bool Holds(IEnumerable<CarePeriod> periods, DateOnly on) => periods.Any(one => one.Start <= on && (one.End is null || one.End >= on));

    // The period around the day that lasts longest; else the one that ended last; else the one that begins first.
    private static Found Span(IEnumerable<CarePeriod> periods, DateOnly on)
    {
        var all = periods.ToList();
        var around = all.Where(one => one.Start <= on && (one.End is null || one.End >= on)).ToList();
        if (around.Count > 0)
            return new Found(true, around.Find(one => one.End is null) ?? around.OrderBy(one => one.End).Last());
        var before = all.Where(one => one.Start <= on).OrderBy(one => one.End).LastOrDefault();
        return new Found(false, before ?? all.OrderBy(one => one.Start).FirstOrDefault());
    }

    private List<DateOnly> Named(Found found, DateOnly on) => found switch
    {
        { Period: null } => [],
        { Holds: true } => Known(found.Period.Start, found.Period.End),
        _ => [found.Period.End < on ? found.Period.End.Value : found.Period.Start],
    };

    // An end beyond one year ahead is not known.
    private List<DateOnly> Known(DateOnly start, DateOnly? end) => end is { } last && last <= today.AddYears(1) ? [start, last] : [start];

    private string Text(DateOnly start, DateOnly? end) => $"{start:yyyy-MM-dd}/{(end is { } last && last <= today.AddYears(1) ? last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "..")}";

    private static string French(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<DateOnly> days) => string.Join(' ', days.Select(French));

    private sealed record Found(bool Holds, CarePeriod? Period);

    private sealed record Verdict(string State, string Rule, CarePeriod? Period, List<DateOnly> Dates)
    {
        public bool IsFree { get; init; }

        public bool HasShare { get; init; }
    }
}
