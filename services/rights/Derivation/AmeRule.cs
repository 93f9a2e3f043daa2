using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>State medical aid: situation 10, complementary body 75500017. Where it is open it excludes the rest (VF).</summary>
internal static class AmeRule
{
    private const string Right = "Aide médicale de l'État";

    public static Conclusion Decide(DatedRights rights, CareDay day, ConsultationReason reason)
    {
        if (day.IsBeyondHorizon)
            return Beyond.OneYear(Right);

        var situations = rights.Situations.Where(one => one.Situation.IsAme).ToList();
        var period = day.Deciding(situations.Select(one => one.Period));
        var deciding = situations.Find(one => one.Period == period && day.Rules.BreaksTies && IsContradicted(one)) ?? situations.Find(one => one.Period == period);
        var isDeclared = period?.Contains(day.Date) == true;
        var isContradicted = isDeclared && IsContradicted(deciding!);
        return new Conclusion
        {
            State = isContradicted ? RightState.Undetermined : isDeclared ? RightState.Open : RightState.Closed,
            Rule = isDeclared ? Rule.FullCover : Rule.Situations,
            Code = deciding?.Situation.Code,
            Label = deciding?.Situation.Label,
            Start = period?.Start,
            End = day.KnownEnd(period),
            ComplementaryBody = deciding is null ? null : (deciding.ComplementaryBody ?? ComplementaryBody.Ame).Value,
            Sentence = isContradicted ? $"{Right} déclarée, mais l'organisme indiqué n'est pas le sien : à vérifier auprès de la caisse."
                : isDeclared ? $"{Right} ouverte {day.Span(period!)} ; elle est gérée par la caisse{(day.Rules.AmeStandsAlone ? ", sans carte Vitale" : "")}."
                : period is not null ? $"{Right} non retrouvée à cette date : {day.Miss(period)}."
                : reason == ConsultationReason.StateMedicalAid
                    ? $"{Right} non retrouvée à cette date par ce régime : demandez au patient sa carte ou son attestation."
                    : $"{Right} non retrouvée à cette date.",
        };
    }

    /// <summary>Base rights beside an open AME, which excludes the rest: one of the two is not up to date.</summary>
    public static Conclusion Beside(Conclusion baseRights) => baseRights with
    {
        State = RightState.Undetermined,
        Rule = Rule.FullCover,
        Sentence = "Droits de base et aide médicale de l'État déclarés à la même date, alors que l'une exclut les autres : à vérifier auprès de la caisse.",
    };

    /// <summary>Of a regime that says the person left: it may be another one's by now, and excludes nothing.</summary>
    public static Conclusion InDoubt(Conclusion open) => open with
    {
        State = RightState.Undetermined,
        Sentence = $"{Right} : ce régime indique que la personne l'a quitté, mais la garde ouverte à cette date : une personne décide.",
    };

    private static bool IsContradicted(DatedSituation ame) => ame.ComplementaryBody is { } body && body != ComplementaryBody.Ame;
}
