using Cdr.Contracts.Rights;

namespace Cdr.Rights.Derivation;

/// <summary>What the rights that rest on others stand on: base rights below them, no AME in their place.</summary>
/// <param name="BaseRights">Decided before them.</param>
/// <param name="Ame">Decided before them.</param>
internal readonly record struct Standing(RightState BaseRights, RightState Ame)
{
    /// <summary>Corrects a right that its own period says open.</summary>
    /// <param name="open">As its period says.</param>
    /// <param name="right">Subject of the sentence.</param>
    public Conclusion Apply(Conclusion open, string right) => this switch
    {
        { Ame: RightState.Open } => open with
        {
            State = RightState.Closed,
            Rule = Rule.FullCover,
            Sentence = $"{right} : non applicable, l'aide médicale de l'État la remplace à cette date.",
        },
        { BaseRights: not RightState.Open } => open with
        {
            State = RightState.Undetermined,
            Rule = Rule.BaseRights,
            Sentence = $"{right} : déclarée à cette date, mais les droits de base n'y sont pas retrouvés ; à vérifier auprès de l'organisme.",
        },
        _ => open,
    };

    /// <summary>Corrects a right that is open on the other of two dates: here is what it stands on, and neither date is « cette date ».</summary>
    /// <param name="open">As it is there.</param>
    /// <param name="right">Subject of the sentence.</param>
    /// <param name="there">The other date, named.</param>
    /// <param name="here">The reference date, named.</param>
    public Conclusion Apply(Conclusion open, string right, string there, string here) => this switch
    {
        { Ame: RightState.Open } => Apply(open, right) with { Sentence = $"{right} : non applicable, l'aide médicale de l'État la remplace au {here}." },
        { BaseRights: not RightState.Open } => Apply(open, right) with
        {
            Sentence = $"{right} : déclarée au {there}, mais les droits de base ne sont pas retrouvés au {here} ; à vérifier auprès de l'organisme.",
        },
        _ => open,
    };
}
