using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;

namespace Cdr.Bench.Load;

/// <summary>Who has tickets: establishments of very different size, caisses of one large regime and of small ones, a hotline of 200.</summary>
internal sealed class TicketCountry(Country country)
{
    public const int Agents = 200;
    private static readonly string[] Regimes = ["cnam", "cnam", "cnam", "cnam", "cnam", "cnam", "cnam", "msa", "msa", "camieg", "enim", "cavimac"];

    /// <value>The largest establishment, which is in a group.</value>
    public (string Finess, string Group, string Department) Large => country.Place(0);

    /// <value>The largest caisse.</value>
    public static string LargeOrganism => Organism(0);

    public static string Agent(int n) => "hotline-" + n.ToString(CultureInfo.InvariantCulture);

    public static string Team(int n) => "N" + n.ToString(CultureInfo.InvariantCulture);

    public TicketMaking Make(int n, int of, DateTimeOffset at, Random random)
    {
        // A third of all is of a hundredth of the establishments.
        var place = random.Next(3) == 0 ? random.Next(30) : random.Next(Country.Establishments);
        var (finess, group, department) = country.Place(place);
        var kind = random.Next(10) switch { < 5 => TicketKind.DataInconsistency, < 9 => TicketKind.Technical, _ => TicketKind.UsageHelp };
        // One in five of the last twentieth is open.
        var isRecent = n >= of - of / 20;
        var state = isRecent && random.Next(5) == 0
            ? (TicketState[])[TicketState.New, TicketState.InProgress, TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred, TicketState.Draft] is var open ? open[random.Next(open.Length)] : default
            : random.Next(20) switch { 0 => TicketState.Merged, 1 => TicketState.Abandoned, 2 => TicketState.Solved, _ => TicketState.Closed };
        if (state == TicketState.Transferred && kind != TicketKind.DataInconsistency)
            state = TicketState.InProgress;
        var organism = kind == TicketKind.DataInconsistency && state is not (TicketState.Draft or TicketState.New or TicketState.Abandoned) ? random.Next(4) == 0 ? 0 : random.Next(1, 200) : (int?)null;
        var isOver = state is TicketState.Closed or TicketState.Solved or TicketState.Merged or TicketState.Abandoned;
        return new TicketMaking(
            Guid.CreateVersion7(at), n.ToString("D9", CultureInfo.InvariantCulture), kind, state, (TicketPriority)random.Next(4), state == TicketState.Transferred ? WaitsFor.Organism : isOver ? WaitsFor.Nobody : WaitsFor.Hotline,
            finess, group, department, "referent-" + place.ToString(CultureInfo.InvariantCulture), kind == TicketKind.DataInconsistency ? Guid.CreateVersion7(at) : null,
            organism is { } to ? Organism(to) : null, organism is { } its ? Regimes[its % Regimes.Length] : null, state is TicketState.New or TicketState.Draft ? null : Agent(random.Next(Agents)), random.Next(4) == 0 ? Team(random.Next(20)) : null, at, isOver ? null : at.AddDays(2), isOver);
    }

    /// <summary>An answer of the size that real ones have.</summary>
    public static ConsultationAnswer Answer(Guid id)
    {
        var at = TimeProvider.System.GetUtcNow();
        Conclusion Says(RightState state) => new() { State = state, Sentence = "Droits de base ouverts à la date des soins, d'après la période connue du régime.", Rule = "R1", Start = new DateOnly(2020, 1, 1), End = new DateOnly(2027, 12, 31) };
        return new ConsultationAnswer
        {
            Id = id, AnsweredAt = new DateTimeOffset(at.UtcTicks - at.UtcTicks % 10, TimeSpan.Zero), CareDate = DateOnly.FromDateTime(at.UtcDateTime), Reason = "card-forgotten-lost-stolen", Outcome = ConsultationOutcome.Found, Headline = "droits ouverts", Explanation = "…",
            NextSteps = [], RulesVersion = "2026.1", Candidates = [], Missing = [],
            Affiliations =
            [
                new Affiliation
                {
                    Source = new AffiliationSource { Regime = "cnam", Name = "Cnam", Freshness = Freshness.Live, ObtainedAt = at, AgeSeconds = 0 },
                    Beneficiary = new Beneficiary { Nir = "2840575112901", NirKey = "54", FamilyName = "LEFÈVRE-MOREL", GivenName = "Anne", BirthDate = "1984-05-12", BirthRank = 1, Quality = "insured", QualityLabel = "assurée" },
                    Insured = new Insured { Nir = "2840575112901", NirKey = "54", FamilyName = "LEFÈVRE-MOREL", GivenName = "Anne", IsPatient = true },
                    Organism = new ManagingOrganism("01", "751", "0000", "CPAM de Paris", null, null),
                    BaseRights = Says(RightState.Open), C2s = Says(RightState.Closed), Ame = Says(RightState.Closed), Exemptions = [Says(RightState.Open), Says(RightState.Open)], Modulations = [], Maternity = Says(RightState.Closed),
                    AttendingPhysician = new AttendingPhysician(RightState.Open, "…", "MT", "Dr Élise Petit", "10000000012", null, null),
                },
            ],
            Regimes = [.. Enumerable.Range(0, 17).Select(n => new RegimeState { Regime = "regime-" + n.ToString(CultureInfo.InvariantCulture), Name = "Un des dix-sept régimes", Outcome = n == 0 ? RegimeOutcome.Found : RegimeOutcome.NotAsked, Message = "Pas interrogé : les droits ont été trouvés ailleurs.", Milliseconds = 12 })],
        };
    }

    private static string Organism(int n) => "01" + n.ToString("D3", CultureInfo.InvariantCulture);
}

/// <summary>A ticket to be written.</summary>
internal sealed record TicketMaking(
    Guid Id, string Number, TicketKind Kind, TicketState State, TicketPriority Priority, WaitsFor WaitsFor, string Establishment, string Group, string Department, string Author, Guid? Consultation,
    string? Organism, string? Regime, string? Assignee, string? Team, DateTimeOffset At, DateTimeOffset? DueAt, bool IsOver);
