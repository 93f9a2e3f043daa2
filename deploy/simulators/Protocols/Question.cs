using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>What a back end is asked: a NIR, or names.</summary>
internal sealed record Question(string? Nir, AskedNames? Names, BirthDate? BeneficiaryBirthDate, int? BirthRank, DateOnly CareDate)
{
    public override string ToString() => nameof(Question);
}

internal sealed record AskedNames(string Family, string Given, BirthDate BirthDate)
{
    public override string ToString() => nameof(AskedNames);
}

/// <summary>A request once read: the question, or why it is refused.</summary>
internal readonly record struct Reading(Question? Question, Reply.Refused? Refusal)
{
    public static Reading Refused(string code, string label) => new(null, new Reply.Refused(code, label));
}
