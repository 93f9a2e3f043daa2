using System.Diagnostics;
using System.Security.Cryptography;
using Cdr.Contracts.Rights;
using Cdr.Rights.Derivation;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Inquiry;

/// <summary>Makes the journal's records of a consultation.</summary>
internal sealed class RecordWriting(RuleSet rules, [FromKeyedServices("Rights")] Pseudonyms pseudonyms, TimeProvider clock)
{
    /// <summary>Purpose of the pseudonyms of persons.</summary>
    public const string Person = "person";

    /// <summary>Made when it is called: with the instant and the trace of now.</summary>
    /// <param name="question">Whom it is about, and why.</param>
    /// <param name="whom">Ids of those that learn of the person, read when the record is made.</param>
    public Func<JournalRecord> Asked(Question question, Func<IEnumerable<string>> whom)
    {
        var (now, trace) = (clock.GetUtcNow(), Trace());
        return () => Early(question, RecordKind.Asked, string.Join(';', whom()), now, trace);
    }

    public JournalRecord Shown(Question question, RegimeState state) =>
        Early(question, RecordKind.Shown, JournalFacts.Write([new RegimeFact(state.Regime, state.Outcome, state.Milliseconds)]), clock.GetUtcNow(), Trace());

    /// <param name="question">Whom it is about, and why.</param>
    /// <param name="fact">What is counted of it.</param>
    /// <param name="payload">The sealed answer.</param>
    /// <param name="patient">NIR of who was found, where names were asked.</param>
    public JournalRecord Answered(Question question, ConsultationFact fact, byte[] payload, string? patient = null) =>
        new()
        {
            Id = question.Id,
            Consultation = question.Id,
            Kind = RecordKind.Answered,
            At = fact.At,
            Subject = question.Caller.Subject,
            Session = question.Caller.Session,
            Role = question.Caller.Role,
            Establishment = fact.Establishment,
            Group = fact.Group,
            Department = fact.Department,
            Unit = fact.Unit,
            Function = fact.Function,
            Reason = fact.Reason,
            CareDate = question.CareDate,
            Outcome = (short)fact.Outcome,
            Regime = fact.Regime,
            Source = (short)fact.Source,
            Milliseconds = fact.Milliseconds,
            Regimes = JournalFacts.Write(fact.Regimes),
            PseudonymKey = pseudonyms.ActiveKey,
            Pseudonym = SubjectText.Person(pseudonyms, Person, question.Subject),
            PatientPseudonym = patient is null ? null : pseudonyms.Of(Person, SubjectText.PersonByNir(patient)),
            Request = question.Fingerprint,
            RulesVersion = rules.Version,
            TraceId = Trace(),
            Payload = payload,
            PayloadHash = SHA256.HashData(payload),
        };

    /// <summary>
    /// Whom an answer shows, where names were asked: of each file the insured person and the patient, of each list those to pick from, as far
    /// as a number is known. In the order of the answer; each number once.
    /// </summary>
    public static IReadOnlyList<ShownPerson> Found(Question question, ConsultationAnswer answer, IReadOnlyList<RegimeFinding> findings)
    {
        if (question.Subject is not RegimeSubject.ByName)
            return [];
        var ofFiles = answer.Affiliations.SelectMany(file => new[] { file.Insured.Nir, file.Beneficiary.Nir }.OfType<string>().Select(nir => new ShownPerson(file.Source.Regime, RegimeOutcome.Found, nir)));
        var ofLists = findings.SelectMany(finding => finding.Answer is RegimeAnswer.Candidates list
            ? list.People.Where(person => person.Nir is not null).Select(person => new ShownPerson(finding.Regime.Id.Value, RegimeOutcome.Candidates, person.Nir!.Value))
            : []);
        return [.. ofFiles.Concat(ofLists).DistinctBy(shown => shown.Nir)];
    }

    /// <summary>One more person whose data an answer shows: a record has room for one.</summary>
    public JournalRecord Shown(Question question, ShownPerson person) => Early(
        question, RecordKind.Shown, JournalFacts.Write([new RegimeFact(person.Regime, person.Outcome, 0)]), clock.GetUtcNow(), Trace(),
        patient: pseudonyms.Of(Person, SubjectText.PersonByNir(person.Nir)));

    /// <summary>The reading of an old answer, by whoever reads it now.</summary>
    public JournalRecord Read(JournalRecord answered, Caller reader) => Read(answered, new EvidenceReading
    {
        Subject = reader.Subject, Session = reader.Session, Role = reader.Role, Establishment = reader.Establishment.Value, Group = reader.Group,
        Department = reader.Department.Code, Unit = reader.Unit, Function = reader.Function,
    });

    /// <summary>The same where another service shows it. An organism's agent reads for its regime, which thereby learns of the person.</summary>
    public JournalRecord Read(JournalRecord answered, EvidenceReading reading)
    {
        var now = clock.GetUtcNow();
        return new JournalRecord
        {
            Id = Guid.CreateVersion7(now),
            Consultation = answered.Consultation,
            Kind = RecordKind.Read,
            At = now,
            Subject = reading.Subject,
            Session = reading.Session,
            Role = reading.Role,
            Establishment = reading.Establishment,
            Group = reading.Group,
            Department = reading.Department,
            Unit = reading.Unit,
            Function = reading.Function,
            Reason = answered.Reason,
            CareDate = answered.CareDate,
            Regime = answered.Regime,
            Regimes = reading.Regime,
            PseudonymKey = answered.PseudonymKey,
            Pseudonym = answered.Pseudonym,
            PatientPseudonym = answered.PatientPseudonym,
            Request = answered.Request,
            RulesVersion = answered.RulesVersion,
            TraceId = Trace(),
        };
    }

    /// <summary>To find all consultations of an admission: its keyed hash stands where others have the person's.</summary>
    public JournalRecord Filed(Question question) => Early(question, RecordKind.Filed, "", clock.GetUtcNow(), Trace(), question.Workflow);

    private JournalRecord Early(Question question, RecordKind kind, string regimes, DateTimeOffset now, string trace, byte[]? pseudonym = null, byte[]? patient = null)
    {
        var caller = question.Caller;
        return new JournalRecord
        {
            Id = Guid.CreateVersion7(now),
            Consultation = question.Id,
            Kind = kind,
            At = now,
            Subject = caller.Subject,
            Session = caller.Session,
            Role = caller.Role,
            Establishment = caller.Establishment.Value,
            Group = caller.Group,
            Department = caller.Department.Code,
            Unit = caller.Unit,
            Function = caller.Function,
            Reason = question.Reason.Id,
            CareDate = question.CareDate,
            Regime = question.Regime?.Id.Value ?? "",
            Regimes = regimes,
            PseudonymKey = pseudonyms.ActiveKey,
            Pseudonym = pseudonym ?? SubjectText.Person(pseudonyms, Person, question.Subject),
            PatientPseudonym = patient,
            Request = question.Fingerprint,
            RulesVersion = rules.Version,
            TraceId = trace,
        };
    }

    private static string Trace() => Activity.Current?.TraceId.ToString() ?? "";
}

/// <summary>A person whose data an answer shows, by whose word.</summary>
internal sealed record ShownPerson(string Regime, RegimeOutcome Outcome, string Nir)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(ShownPerson);
}
