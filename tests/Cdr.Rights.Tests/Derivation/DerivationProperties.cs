using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Regimes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Cdr.Rights.Tests.Derivation;

/// <summary>What holds of any rights, dates and kinds of care. Days lie close together, so that periods touch, overlap and leave gaps.</summary>
[Properties(Arbitrary = [typeof(Histories)], MaxTest = 200)]
public sealed class DerivationProperties
{
    private const string NotCompared = "C'est la situation du";

    [Property]
    public void Base_rights_are_open_exactly_inside_a_period_both_ends_included(History history, Day day)
    {
        var rights = history.Rights with { Situations = [] };

        Assert.Equal(
            rights.BasePeriods.Any(one => one.Start <= day.Date && day.Date <= (one.End ?? DateOnly.MaxValue)) ? RightState.Open : RightState.Closed,
            Derived(rights, new Care(day.Date)).BaseRights.State);
        foreach (var period in rights.BasePeriods)
        {
            Assert.Equal(RightState.Open, Derived(rights, new Care(period.Start)).BaseRights.State);
            if (period.End is { } end)
                Assert.Equal(RightState.Open, Derived(rights, new Care(end)).BaseRights.State);
        }
    }

    [Property]
    public void The_order_in_which_a_regime_lists_things_decides_nothing(History history, AnyCare care)
    {
        var rights = history.Rights;
        var reversed = rights with
        {
            BasePeriods = [.. rights.BasePeriods.Reverse()],
            Exemptions = [.. rights.Exemptions.Reverse()],
            Modulations = [.. rights.Modulations.Reverse()],
            Situations = [.. rights.Situations.Reverse()],
            Maternities = [.. rights.Maternities.Reverse()],
        };

        Assert.Equal(Everything(Derived(rights, care.Care)), Everything(Derived(reversed, care.Care)));
    }

    [Property]
    public void A_period_that_ended_before_the_last_and_one_that_begins_after_the_next_change_nothing(History history, Day day)
    {
        var rights = history.Rights;
        var first = rights.BasePeriods.Select(one => one.Start).Append(day.Date).Min();
        var last = rights.BasePeriods.Select(one => one.Start).Append(day.Date).Max();
        var more = rights with
        {
            BasePeriods = [.. rights.BasePeriods, CarePeriod.Create(first.AddDays(-9), first.AddDays(-8)).Value, CarePeriod.Create(last.AddDays(8)).Value],
        };

        var (before, after) = (Derived(rights, new Care(day.Date)).BaseRights, Derived(more, new Care(day.Date)).BaseRights);

        Assert.Equal(before.State, after.State);
        if (rights.BasePeriods.Any(one => one.Start <= day.Date))
            Assert.Equal(before, after);
    }

    [Property]
    public void A_later_today_changes_no_state_within_the_horizon(History history, AnyCare care, byte later)
    {
        var (now, then) = (Derived(history.Rights, care.Care), Derived(history.Rights, care.Care, Known.Today.AddDays(later)));

        Assert.Equal(All(now).Select(one => (one.State, one.Rule, one.Code, one.Start)), All(then).Select(one => (one.State, one.Rule, one.Code, one.Start)));
    }

    [Property]
    public void Beyond_the_horizon_nothing_is_open_and_nothing_closed(History history, PositiveInt days)
    {
        var derived = Derived(history.Rights with { ContractSpecificity = "0" }, new Care(Known.Today.AddYears(1).AddDays(days.Get)));

        Assert.All(
            [derived.BaseRights, derived.C2s, derived.Ame, derived.Maternity, .. derived.Exemptions, .. derived.Modulations],
            one => Assert.Equal((RightState.Undetermined, "API-DROITS"), (one.State, one.Rule)));
        Assert.Equal(RightState.Undetermined, derived.Physician.State);
        Assert.Null(derived.FullThirdPartyPayment);
        Assert.Null(derived.FullCover);
    }

    [Property]
    public void Nothing_that_rests_on_base_rights_is_open_without_them(History history, AnyCare care)
    {
        var derived = Derived(history.Rights with { ContractSpecificity = "0" }, care.Care);

        if (derived.BaseRights.State != RightState.Open)
            Assert.All(
                [derived.C2s, derived.Maternity, .. derived.Exemptions, .. derived.Modulations, .. derived.FullThirdPartyPayment is { } payment ? [payment] : Array.Empty<Conclusion>()],
                one => Assert.NotEqual(RightState.Open, one.State));
    }

    [Property]
    public void Where_ame_is_open_it_excludes_the_rest(History history, AnyCare care)
    {
        var derived = Derived(history.Rights, care.Care);

        if (derived.Ame.State != RightState.Open)
            return;
        Assert.NotEqual(RightState.Open, derived.BaseRights.State);
        Assert.All([derived.C2s, derived.Maternity, .. derived.Exemptions, .. derived.Modulations], one => Assert.Equal(RightState.Closed, one.State));
        Assert.Equal("Aide médicale de l'État", derived.FullCover?.Label);
    }

    [Property]
    public void A_prescription_never_takes_away_what_the_reference_date_gives_and_gives_nothing_neither_date_has(History history, AnyCare care)
    {
        if (care.Care.Other is not { } otherDay || care.Care.Kind is { IsDispensed: true })
            return;
        var both = Derived(history.Rights, care.Care);
        var here = Derived(history.Rights, new Care(care.Care.Reference));
        var there = Derived(history.Rights, new Care(otherDay));

        Assert.Equal((here.BaseRights, here.Ame, here.Maternity, here.Physician), (both.BaseRights, both.Ame, both.Maternity, both.Physician));
        foreach (var (kept, atReference, atOther) in Rights(both).Select(one => (one.Value, Rights(here)[one.Key], Rights(there)[one.Key])))
        {
            if (atReference.State == RightState.Open)
                Assert.Equal(RightState.Open, kept.State);
            if (atReference.State == RightState.Undetermined)
                Assert.Equal(atReference, kept);
            if (kept.State == RightState.Open)
                Assert.True(atReference.State == RightState.Open || (atOther.State == RightState.Open && kept.Rule == "CP01"));
            // Neither date's doubt is passed over in silence.
            if (kept.State == RightState.Closed && both.Ame.State != RightState.Open)
                Assert.Equal((RightState.Closed, RightState.Closed), (atReference.State, atOther.State));
            if (kept.Rule != "CP01" && kept.State == atReference.State)
                Assert.Equal(atReference, kept);
            Assert.DoesNotContain(NotCompared, kept.Sentence, StringComparison.Ordinal);
        }
    }

    [Property]
    public void What_is_more_favourable_is_so_one_way_only(History history, Day one, Day other)
    {
        foreach (var (mine, theirs) in Rights(Derived(history.Rights, new Care(one.Date))).Values.Zip(Rights(Derived(history.Rights, new Care(other.Date))).Values))
        {
            Assert.False(MostFavourable.IsMoreFavourable(mine, mine));
            Assert.False(MostFavourable.IsMoreFavourable(mine, theirs) && MostFavourable.IsMoreFavourable(theirs, mine));
        }
    }

    [Property]
    public void Every_conclusion_says_its_rule_and_a_sentence_and_its_period_holds_where_it_is_open(History history, AnyCare care)
    {
        var derived = Derived(history.Rights, care.Care);
        foreach (var one in All(derived))
        {
            Assert.NotEmpty(one.Rule);
            Assert.EndsWith(".", one.Sentence, StringComparison.Ordinal);
            var mayBeTheOthers = one.Rule == "CP01" || one == derived.FullCover || (one == derived.C2s && care.Care.Kind is { IsDispensed: true });
            DateOnly?[] days = [care.Care.Reference, mayBeTheOthers ? care.Care.Other : null];
            if (one is { State: RightState.Open, Start: { } start })
                Assert.Contains(days, day => start <= day && !(one.End < day));
            // What does not hold on the reference date names the date on which it does; but for the words that never say why.
            if (one.State != RightState.Closed && one != derived.FullThirdPartyPayment && one.Start is { } from && !(from <= care.Care.Reference && !(one.End < care.Care.Reference)))
                Assert.Contains(CareDay.French(care.Care.Other ?? care.Care.Reference), one.Sentence, StringComparison.Ordinal);
        }
    }

    [Property]
    public void Both_versions_agree_on_base_rights_of_people_without_ame(History history, Day day)
    {
        var rights = history.Rights with { Situations = [] };

        Assert.Equal(
            rights.On(new Care(day.Date), rules: RuleSet.V2026R1).BaseRights.State, rights.On(new Care(day.Date), rules: RuleSet.V2026R2).BaseRights.State);
    }

    private static DerivedRights Derived(DatedRights rights, Care care, DateOnly? today = null) =>
        Derive.At(RuleSet.Current, rights, new Circumstances(care, ConsultationReason.Emergency, today ?? Known.Today, true));

    private static IEnumerable<Conclusion> All(DerivedRights derived) =>
        new[] { derived.BaseRights, derived.C2s, derived.Ame, derived.Maternity, derived.FullThirdPartyPayment, derived.FullCover, derived.PassingMigrant }
            .OfType<Conclusion>().Concat(derived.Exemptions).Concat(derived.Modulations);

    private static IEnumerable<string> Everything(DerivedRights derived) => All(derived).Select(one => one.State + one.Rule + one.Code + one.Label + one.Start + one.End + one.Sentence).Order();

    private static Dictionary<string, Conclusion> Rights(DerivedRights derived) =>
        derived.Exemptions.Select(one => ("E" + one.Code, one)).Concat(derived.Modulations.Select(one => ("M" + one.Code, one))).Append(("C2S", derived.C2s))
            .OrderBy(one => one.Item1, StringComparer.Ordinal).ToDictionary(one => one.Item1, one => one.Item2);
}

/// <summary>Someone's rights.</summary>
public sealed record History
{
    internal DatedRights Rights { get; init; } = Known.Rights;

    public override string ToString() => $"""
        base {string.Join(' ', Rights.BasePeriods)} exemptions {string.Join(' ', Rights.Exemptions.Select(one => $"{one.Exemption}:{one.Period}"))}
        modulations {string.Join(' ', Rights.Modulations.Select(one => $"{one.Modulation}:{one.Period}"))} maternities {string.Join(' ', Rights.Maternities.Select(one => one.Period))}
        situations {string.Join(' ', Rights.Situations.Select(one => $"{one.Situation}:{one.Period}:{one.Participation}"))}
        """;
}

public sealed record Day(DateOnly Date);

/// <summary>Some care.</summary>
public sealed record AnyCare
{
    internal Care Care { get; init; } = new(Known.Today);

    public override string ToString() => Care.ToString();
}

public static class Histories
{
    private static readonly DateOnly Origin = Known.Day("2026-06-01");

    private static Gen<DateOnly> AnyDay => Gen.Choose(0, 40).Select(Origin.AddDays);

    private static Gen<CarePeriod> Period =>
        from start in AnyDay
        from length in Gen.Frequency((3, Gen.Choose(0, 15).Select(days => (int?)days)), (1, Gen.Constant((int?)null)))
        select CarePeriod.Create(start, length is { } days ? start.AddDays(days) : null).Value;

    public static Arbitrary<Day> Days() => AnyDay.Select(day => new Day(day)).ToArbitrary();

    public static Arbitrary<AnyCare> Cares() => (
        from kind in Gen.Elements([null, .. CareKind.All])
        from prescribed in AnyDay
        from later in Gen.Choose(0, 12)
        select new AnyCare { Care = new Care(prescribed.AddDays(later), kind, kind is { MayBePrescribed: true } ? prescribed : null) }).ToArbitrary();

    public static Arbitrary<History> All() => (
        from bases in Few(Period)
        from exemptions in Few(from one in Gen.Elements(Exemption.All.AsEnumerable()) from period in Period select new DatedExemption(one, period))
        from modulations in Few(from one in Gen.Elements(Modulation.All.AsEnumerable()) from period in Period select new DatedModulation(one, period))
        from c2s in Few(
            from one in Gen.Elements(SpecialSituation.All.Where(one => one.IsC2s))
            from period in Period
            from participation in Gen.Elements<bool?>(true, false, null)
            select new DatedSituation(one, period, null, participation))
        from ame in Gen.Frequency((4, Gen.Constant(Array.Empty<DatedSituation>())), (1, Period.Select(period => new[] { Known.Ame with { Period = period } })))
        from maternities in Few(Period.Select(period => new DatedMaternity(period, null)))
        select new History
        {
            Rights = Known.Rights with
            {
                BasePeriods = bases, Exemptions = exemptions, Modulations = modulations, Situations = [.. c2s, .. ame], Maternities = maternities,
                Physician = new DeclaredPhysician(true, null, null, null, null),
            },
        }).ToArbitrary();

    private static Gen<T[]> Few<T>(Gen<T> one) => Gen.Choose(0, 3).SelectMany(count => one.ArrayOf(count));
}
