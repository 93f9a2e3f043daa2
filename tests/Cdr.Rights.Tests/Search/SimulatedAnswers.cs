using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.RegimeSimulator;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;

namespace Cdr.Rights.Tests.Search;

/// <summary>
/// What each regime would say of one of the simulator's people, without a wire: as many people as a test likes. Most say it at once;
/// one in four, when all of its wave has been asked, on another thread and in an order that the seed throws.
/// </summary>
internal sealed class SimulatedAnswers(SimulatedInsured insured, Question question, int seed)
{
    private readonly Random dice = new(seed);
    private readonly List<TaskCompletionSource<RegimeFinding>> late = [];
    private readonly List<RegimeFinding> words = [];
    private IReadOnlyList<RegimeRow>? asked;
    private int askedOfWave;

    public int Calls { get; private set; }

    public Task<RegimeFinding> Ask(RegimeRow regime, IReadOnlyList<RegimeRow> wave, CallTime call)
    {
        Calls++;
        if (wave != asked)
            (asked, askedOfWave) = (wave, 0);
        var finding = new RegimeFinding(regime, Of(regime), Freshness.Live, DateTimeOffset.UnixEpoch, 1, null);
        var answer = Task.FromResult(finding);
        if (dice.Next(4) == 0)
        {
            var later = new TaskCompletionSource<RegimeFinding>(TaskCreationOptions.RunContinuationsAsynchronously);
            late.Add(later);
            words.Add(finding);
            answer = later.Task;
        }

        if (++askedOfWave == wave.Count && late.Count > 0)
            Say();
        return answer;
    }

    private void Say()
    {
        (TaskCompletionSource<RegimeFinding> Later, RegimeFinding Word)[] all = [.. late.Zip(words)];
        late.Clear();
        words.Clear();
        dice.Shuffle(all);
        ThreadPool.QueueUserWorkItem(_ =>
        {
            foreach (var (later, word) in all)
                later.SetResult(word);
        });
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
        Organism = new(patient.Rights.Organism, patient.Rights.OrganismLabel, patient.Rights.ManagementCode, patient.Rights.ManagementCentre),
        BasePeriods = patient.Rights.Base,
        Situations = [.. patient.Rights.Situations.Select(s => new DatedSituation(SpecialSituation.Parse(s.Code).Value, s.Period, s.Body, s.WithParticipation))],
        Exemptions = [.. patient.Rights.Exemptions.Select(e => new DatedExemption(Exemption.Parse(e.Code).Value, e.Period))],
        Modulations = [.. patient.Rights.Modulations.Select(m => new DatedModulation(Modulation.Parse(m.Code).Value, m.Period))],
        Maternities = [.. patient.Rights.Maternities.Select(m => new DatedMaternity(m.Period, m.Organism))],
        WorkAccidents = [],
        ContractSpecificity = patient.Rights.ContractSpecificity,
    };
}
