using Cdr.Contracts.Rights;

namespace Cdr.Rights.Derivation;

/// <summary>What lies further ahead than anybody knows.</summary>
internal static class Beyond
{
    public static Conclusion OneYear(string right) => new()
    {
        State = RightState.Undetermined,
        Rule = Rule.Horizon,
        Sentence = $"{right} : à plus d'un an, rien n'est encore connu.",
    };
}
