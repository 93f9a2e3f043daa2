using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>One day with what other rights stand on then.</summary>
internal sealed record Moment(CareDay Day, Conclusion BaseRights, Conclusion Ame)
{
    public Standing Standing => new(BaseRights.State, Ame.State);

    public static Moment At(DatedRights rights, Circumstances asked, DateOnly date, RuleSet rules)
    {
        var day = new CareDay(date, asked.Today, rules);
        var ame = AmeRule.Decide(rights, day, asked.Reason);
        var baseRights = BaseRightsRule.Decide(rights, day);
        if (rules.DepartureWeighs && asked.Departure?.HasHappenedOn(date) == true)
        {
            if (baseRights.State == RightState.Open)
                baseRights = BaseRightsRule.InDoubt(baseRights);
            if (ame.State == RightState.Open)
                ame = AmeRule.InDoubt(ame);
        }

        if (baseRights.State == RightState.Open && rules.AmeStandsAlone && ame.State == RightState.Open)
            baseRights = AmeRule.Beside(baseRights);
        return new Moment(day, baseRights, ame);
    }
}
