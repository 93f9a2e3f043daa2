using Cdr.Contracts.Rights;

namespace Cdr.Rights.Derivation;

/// <summary>
/// CP01: where the situation changed between prescription and execution, the one most favourable to the patient is kept. It moves
/// special situations, exemptions and modulations; base rights are open on the reference date or not (CF611).
/// </summary>
internal static class MostFavourable
{
    /// <param name="care">Names the dates.</param>
    /// <param name="reference">What decides, and what the kept one stands on.</param>
    /// <param name="other">The other of the two dates, if any.</param>
    /// <param name="right">Subject of the sentence.</param>
    /// <param name="decide">The rule, at a moment.</param>
    public static Conclusion Of(Care care, Moment reference, Moment? other, string right, Func<Moment, Conclusion> decide)
    {
        var own = decide(reference);
        // An open AME excludes the rest: there is nothing to compare.
        return other is not null && reference.Ame.State != RightState.Open && decide(other) is var rival && IsMoreFavourable(rival, own) ? Kept(rival, care, reference, other, right) : own;
    }

    /// <summary>The other date's conclusion in place of the reference date's; it never says more than base rights on that one allow.</summary>
    public static Conclusion Kept(Conclusion rival, Care care, Moment reference, Moment other, string right)
    {
        var when = care.Named(other.Day.Date);
        if (rival.State != RightState.Open)
            return rival with { Rule = Rule.MostFavourable, Sentence = $"{rival.Sentence} {Compared(when)}" };
        var standing = OnTheReference(rival, care, reference, other, right);
        return standing.State != RightState.Open ? standing : rival with { Rule = Rule.MostFavourable, Sentence = $"{rival.Sentence} {Chosen(when)}" };
    }

    /// <summary>What is open on the other date, as far as base rights on the reference date allow.</summary>
    public static Conclusion OnTheReference(Conclusion open, Care care, Moment reference, Moment other, string right) => reference.Day.Rules.NamesTheOtherDate
        ? reference.Standing.Apply(open, right, care.Named(other.Day.Date), care.Named(reference.Day.Date))
        : reference.Standing.Apply(open, right);

    /// <summary>Which of the two dates it is.</summary>
    /// <param name="when">The date, named.</param>
    public static string Chosen(string when) => $"Situation retenue : celle du {when}, la plus favorable au patient.";

    /// <summary>On which date it is in doubt.</summary>
    /// <param name="when">The date, named.</param>
    public static string Compared(string when) => $"Il en est ainsi au {when} : une personne compare.";

    /// <summary>Undetermined stays so: that the other date is open does not settle what is in doubt on this one.</summary>
    public static bool IsMoreFavourable(Conclusion rival, Conclusion own) => (own.State, rival.State) switch
    {
        (RightState.Closed, RightState.Open or RightState.Undetermined) => true,
        (RightState.Open, RightState.Open) => own.WithParticipation != false && rival.WithParticipation == false,
        _ => false,
    };
}
