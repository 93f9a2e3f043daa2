using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;

namespace Cdr.Rights.Tests.Search;

/// <summary>What each regime would say of one of the simulator's people, without a wire: as many people as a test likes.</summary>
internal sealed class SimulatedAnswers(SimulatedInsured insured, Question question)
{
    private int calls;

    public int Calls => calls;

    public Task<RegimeFinding> Ask(RegimeRow regime, IReadOnlyList<RegimeRow> wave, CallTime call)
    {
        calls++;
        return Task.FromResult(new RegimeFinding(regime, Of(regime), Freshness.Live, DateTimeOffset.UnixEpoch, 1, null));
    }

    private RegimeAnswer Of(RegimeRow regime)
    {
        var asked = (RegimeSubject.ByNir)question.ForRegime(regime).Subject;
        if (insured.Memberships.FirstOrDefault(m => m.Regime == regime.Id.Value) is not { } membership)
            return new RegimeAnswer.Unknown();
        if (membership.HasMovedOn(question.CareDate))
            return new RegimeAnswer.Moved(RegimeId.Parse(membership.MovedTo).Value, membership.MovedSince, null);
        var meant = membership.Beneficiaries.Where(one => asked.BeneficiaryBirthDate is null || one.Person.BirthDate == asked.BeneficiaryBirthDate).ToList();
        return meant switch
        {
            [] => new RegimeAnswer.BeneficiaryUnknown(),
            [var one] => new RegimeAnswer.Found(Rights(one)),
            _ => new RegimeAnswer.Candidates([.. meant.Select(one => new RegimeCandidate(null, one.Person.FamilyName, one.Person.NameInUse, one.Person.GivenName, one.Person.BirthDate, BirthRank.Create(one.Rank).Value))]),
        };
    }

    private DatedRights Rights(SimulatedBeneficiary patient) => new()
    {
        Insured = new(Nir.Parse(insured.Nir).Value, insured.Person.FamilyName, insured.Person.GivenName),
        Beneficiary = new(null, patient.Person.FamilyName, patient.Person.NameInUse, patient.Person.GivenName, patient.Person.BirthDate, BirthRank.Create(patient.Rank).Value, patient.Quality),
        Organism = new(Organism.Parse("017510000").Value, "Caisse", null, null),
        BasePeriods = patient.Rights.Base,
        Situations = [.. patient.Rights.Situations.Select(s => new DatedSituation(SpecialSituation.Parse(s.Code).Value, s.Period, s.Body, s.WithParticipation))],
        Exemptions = [],
        Modulations = [],
        Maternities = [],
        WorkAccidents = [],
    };
}
