using Cdr.RegimeSimulator.Protocols;
using Cdr.RegimeSimulator.Registry;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>What one regime answers to a question it has read.</summary>
internal sealed class Answering(RegimeRow regime, SimulatedPeople people, TimeProvider clock)
{
    // A candidate list is short: more than that is an enumeration, not a search.
    private const int MostCandidates = 10;

    public Reply Answer(Question question)
    {
        if (question.Names is not null && !regime.Capabilities.SearchByName)
            return new Reply.Refused("RECHERCHE_NOM", "Ce régime ne recherche pas par le nom.");
        if (!regime.Capabilities.PastDates && question.CareDate < LatestToday())
            return new Reply.Refused("DATE_PASSEE", "Ce régime ne répond pas pour une date passée.");
        return question.Names is { } names ? AnswerNames(names, question.CareDate) : AnswerNir(question);
    }

    // An establishment's "today" is its own: Martinique's day (UTC − 4, no summer time) is the last to end.
    private DateOnly LatestToday() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(-4));

    private Reply AnswerNir(Question question)
    {
        if (people.Find(question.Nir!) is not { } insured || MembershipOf(insured) is not { } membership)
            return new Reply.Unknown();
        if (membership.HasMovedOn(question.CareDate))
            return Moved(membership);

        // The number may be a beneficiary's own: it says which.
        var own = insured.Nir == question.Nir ? null : question.Nir;
        return OneOf([.. membership.Beneficiaries
            .Where(one => own is null || one.Person.Nir == own)
            .Where(one => question.BeneficiaryBirthDate is null || one.Person.BirthDate == question.BeneficiaryBirthDate)
            .Where(one => question.BirthRank is null || one.Rank == question.BirthRank)
            .Select(one => new Candidate(insured, one))]);
    }

    private Reply AnswerNames(AskedNames names, DateOnly careDate)
    {
        var known = people.Find(names.Family, names.Given, names.BirthDate)
            .Select(insured => (Insured: insured, Membership: MembershipOf(insured)))
            .Where(static one => one.Membership is not null)
            .ToArray();
        var present = known
            .Where(one => !one.Membership!.HasMovedOn(careDate))
            .SelectMany(one => one.Membership!.Beneficiaries
                .Where(beneficiary => SimulatedPeople.BearsNames(beneficiary.Person, names.Family, names.Given, names.BirthDate))
                .Select(beneficiary => new Candidate(one.Insured, beneficiary)))
            .ToArray();
        return (known, present) switch
        {
            (_, { Length: > 0 }) => OneOf(present),
            ({ Length: > 0 }, _) => Moved(known[0].Membership!),
            _ => new Reply.Unknown(),
        };
    }

    private SimulatedMembership? MembershipOf(SimulatedInsured insured) =>
        insured.Memberships.FirstOrDefault(membership => membership.Regime == regime.Id);

    /// <summary>In turn: somebody else's file, the file under another number, the file under the status "unknown".</summary>
    public Reply Contradicting(Reply reply, int turn)
    {
        var found = reply as Reply.Found;
        // Of this regime where it has anybody else: a small population may not.
        var others = people.All().Where(one => one.Memberships.Count > 0 && one.Nir != found?.Insured.Nir);
        var insured = others.FirstOrDefault(one => MembershipOf(one) is not null) ?? others.First();
        var other = new Reply.Found(insured, (MembershipOf(insured) ?? insured.Memberships[0]).Beneficiaries[0]);
        return (turn % 3, found) switch
        {
            (1, not null) => found with
            {
                Insured = found.Insured with { Nir = insured.Nir },
                Beneficiary = found.Beneficiary with { Person = found.Beneficiary.Person with { Nir = insured.Nir } },
            },
            (2, _) => (found ?? other) with { SaysUnknown = true },
            _ => other,
        };
    }

    private static Reply.Moved Moved(SimulatedMembership membership) => new(membership.MovedTo!, membership.MovedSince!.Value);

    private static Reply OneOf(Candidate[] candidates) => candidates switch
    {
        [] => new Reply.BeneficiaryUnknown(),
        [var one] => new Reply.Found(one.Insured, one.Beneficiary),
        _ => new Reply.Candidates([.. candidates.Take(MostCandidates)]),
    };
}
