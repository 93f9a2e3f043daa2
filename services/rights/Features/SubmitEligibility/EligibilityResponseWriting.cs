using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Hl7.Fhir.Model;
using RequestPurpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;
using ResponsePurpose = Hl7.Fhir.Model.CoverageEligibilityResponse.EligibilityResponsePurpose;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>An answer as a <c>CoverageEligibilityResponse</c>: one insurance an affiliation, its rights as items, its file contained.</summary>
internal static class EligibilityResponseWriting
{
    private const string Asked = "patient";

    /// <param name="answer">As it was journaled.</param>
    /// <param name="asked">The request; null when the answer is read again.</param>
    /// <param name="patient">The patient as the caller named them.</param>
    public static CoverageEligibilityResponse Of(ConsultationAnswer answer, CoverageEligibilityRequest? asked, Patient? patient)
    {
        List<ResponsePurpose?> purposes = asked is null ? [ResponsePurpose.Validation, ResponsePurpose.Benefits] : [.. asked.Purpose.Select(Purpose)];
        var response = new CoverageEligibilityResponse
        {
            Id = answer.Id.ToString(),
            Identifier = [new Identifier(EligibilityNames.Uri, "urn:uuid:" + answer.Id)],
            Status = FinancialResourceStatusCodes.Active,
            Purpose = purposes,
            Patient = new ResourceReference("#" + Asked),
            Serviced = new Date(Iso(answer.CareDate)),
            CreatedElement = new FhirDateTime(answer.AnsweredAt),
            Request = asked?.Id is { } id
                ? new ResourceReference($"{nameof(CoverageEligibilityRequest)}/{id}")
                : new ResourceReference { Identifier = new Identifier(EligibilityNames.Uri, "urn:uuid:" + answer.Id) },
            Outcome = answer.Outcome == ConsultationOutcome.Incomplete ? ClaimProcessingCodes.Partial : ClaimProcessingCodes.Complete,
            Disposition = $"{answer.Headline}. {answer.Explanation}",
            Insurer = answer.Affiliations is [var only] ? Regime(only.Source.Regime, only.Source.Name) : new ResourceReference { Display = "Régimes interrogés par la Consultation des droits" },
            Extension =
            [
                new Extension(EligibilityNames.Outcome, new Code(WireName(answer.Outcome))),
                new Extension(EligibilityNames.RulesVersion, new FhirString(answer.RulesVersion)),
                .. answer.NextSteps.Select(step => new Extension(EligibilityNames.NextStep, new FhirString(step))),
            ],
            Contained = [AskedPatient(patient)],
        };
        foreach (var (place, affiliation) in answer.Affiliations.Index())
            Add(response, affiliation, place + 1, benefits: purposes.Contains(ResponsePurpose.Benefits));
        foreach (var (place, candidate) in answer.Candidates.Index())
            Add(response, candidate, place + 1);
        response.Error = [.. answer.Regimes.Where(state => state.Outcome == RegimeOutcome.Unavailable).Select(Silent)];
        return response;
    }

    private static void Add(CoverageEligibilityResponse response, Affiliation affiliation, int number, bool benefits)
    {
        var (beneficiaryId, insuredId, coverageId) = ($"beneficiary-{number}", $"insured-{number}", $"coverage-{number}");
        var beneficiary = new Patient { Id = beneficiaryId, Identifier = Numbers(affiliation.Beneficiary.Nir, affiliation.Beneficiary.NirKey), Name = Names(affiliation.Beneficiary.FamilyName, affiliation.Beneficiary.GivenName, affiliation.Beneficiary.NameInUse) };
        SetBirthDate(beneficiary, affiliation.Beneficiary.BirthDate);
        beneficiary.MultipleBirth = new Integer(affiliation.Beneficiary.BirthRank);
        response.Contained.Add(beneficiary);
        if (!affiliation.Insured.IsPatient)
            response.Contained.Add(new Patient { Id = insuredId, Identifier = Numbers(affiliation.Insured.Nir, affiliation.Insured.NirKey), Name = Names(affiliation.Insured.FamilyName, affiliation.Insured.GivenName, null) });

        response.Contained.Add(new Coverage
        {
            Id = coverageId,
            Status = FinancialResourceStatusCodes.Active,
            Type = new CodeableConcept { Coding = [new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PUBLICPOL")], Text = "Assurance maladie obligatoire" },
            Beneficiary = new ResourceReference("#" + beneficiaryId),
            Subscriber = new ResourceReference("#" + (affiliation.Insured.IsPatient ? beneficiaryId : insuredId)),
            SubscriberId = affiliation.Insured.Nir,
            Relationship = new CodeableConcept { Text = affiliation.Beneficiary.QualityLabel },
            Period = Dated(affiliation.BaseRights),
            Payor =
            [
                new ResourceReference
                {
                    Identifier = new Identifier(EligibilityNames.Organism, $"{affiliation.Organism.RegimeCode}{affiliation.Organism.Caisse}{affiliation.Organism.Centre}"),
                    Display = affiliation.Organism.Label,
                },
                Regime(affiliation.Source.Regime, affiliation.Source.Name),
            ],
        });
        response.Insurance.Add(new CoverageEligibilityResponse.InsuranceComponent
        {
            Coverage = new ResourceReference("#" + coverageId),
            // Undetermined is neither in force nor not.
            Inforce = affiliation.BaseRights.State == RightState.Undetermined ? null : affiliation.BaseRights.State == RightState.Open,
            BenefitPeriod = Dated(affiliation.BaseRights),
            Item = benefits ? [.. Items(affiliation)] : [],
            Extension = [.. Source(affiliation.Source)],
        });
    }

    private static IEnumerable<Extension> Source(AffiliationSource source)
    {
        yield return new Extension(EligibilityNames.Freshness, new Code(WireName(source.Freshness)));
        yield return new Extension(EligibilityNames.ObtainedAt, new Instant(source.ObtainedAt));
        if (source.ReliableUntil is { } until)
            yield return new Extension(EligibilityNames.ReliableUntil, new Instant(until));
    }

    private static IEnumerable<CoverageEligibilityResponse.ItemsComponent> Items(Affiliation affiliation)
    {
        yield return Item("base-rights", "Droits de base", affiliation.BaseRights);
        yield return Item("c2s", "Complémentaire santé solidaire", affiliation.C2s);
        yield return Item("ame", "Aide médicale de l'État", affiliation.Ame);
        foreach (var exemption in affiliation.Exemptions)
            yield return Item("exemption", "Exonération du ticket modérateur", exemption);
        foreach (var modulation in affiliation.Modulations)
            yield return Item("modulation", "Modulation du ticket modérateur", modulation);
        yield return Item("maternity", "Maternité", affiliation.Maternity);
        if (affiliation.FullThirdPartyPayment is { } third)
            yield return Item("full-third-party-payment", "Tiers payant intégral", third);
        if (affiliation.FullCover is { } full)
            yield return Item("full-cover", "Prise en charge à 100 %", full);
        if (affiliation.PassingMigrant is { } migrant)
            yield return Item("passing-migrant", "Migrant de passage", migrant);
        var physician = affiliation.AttendingPhysician;
        yield return Item("attending-physician", "Médecin traitant", new Conclusion { State = physician.State, Sentence = physician.Sentence, Rule = physician.Rule, Label = physician.Name, Code = physician.Number, Start = physician.Start, End = physician.End });
        // Listed, never applied: that the care is AT/MP is for the caller to state.
        foreach (var accident in affiliation.WorkAccidents ?? [])
        {
            var item = new CoverageEligibilityResponse.ItemsComponent
            {
                Category = Category("work-accident", "AT/MP déclaré"),
                Name = accident.Number,
                Description = "Déclaré à l'organisme ; ne s'applique que si les soins s'y rapportent.",
            };
            if (Period(accident.Start ?? accident.Date, accident.End) is { } period)
                item.Extension.Add(new Extension(EligibilityNames.Period, period));
            yield return item;
        }
    }

    private static CoverageEligibilityResponse.ItemsComponent Item(string right, string display, Conclusion conclusion)
    {
        var item = new CoverageEligibilityResponse.ItemsComponent
        {
            Category = Category(right, display),
            ProductOrService = conclusion.Code is { Length: > 0 } code ? new CodeableConcept { Coding = [new Coding($"{EligibilityNames.Right}:{right}", code, conclusion.Label)] } : null,
            Name = conclusion.Label ?? display,
            Description = conclusion.Sentence,
            Excluded = conclusion.State == RightState.Undetermined ? null : conclusion.State == RightState.Closed,
            Extension = [new Extension(EligibilityNames.State, new Code(WireName(conclusion.State))), new Extension(EligibilityNames.Rule, new FhirString(conclusion.Rule))],
        };
        if (Dated(conclusion) is { } period)
            item.Extension.Add(new Extension(EligibilityNames.Period, period));
        if (conclusion.WithParticipation is { } participation)
            item.Extension.Add(new Extension(EligibilityNames.Participation, new FhirBoolean(participation)));
        if (conclusion.ComplementaryBody is { } body)
            item.Extension.Add(new Extension(EligibilityNames.ComplementaryBody, new FhirString(body)));
        return item;
    }

    private static void Add(CoverageEligibilityResponse response, Candidate candidate, int number)
    {
        var id = $"candidate-{number}";
        var person = new Patient { Id = id, Identifier = [new Identifier(EligibilityNames.Candidate, candidate.Reference)], Name = Names(candidate.FamilyName, candidate.GivenName, candidate.NameInUse) };
        SetBirthDate(person, candidate.BirthDate);
        person.MultipleBirth = candidate.BirthRank is { } rank ? new Integer(rank) : null;
        response.Contained.Add(person);
        response.Extension.Add(new Extension(EligibilityNames.PickFrom, new ResourceReference("#" + id)));
    }

    private static CoverageEligibilityResponse.ErrorsComponent Silent(RegimeState state) => new()
    {
        Code = new CodeableConcept
        {
            Coding = [new Coding(EligibilityNames.RegimeReason, state.Reason ?? "unavailable"), new Coding(EligibilityNames.Regime, state.Regime, state.Name)],
            Text = $"{state.Name} : {state.Message}",
        },
    };

    private static Patient AskedPatient(Patient? patient) => patient is null
        ? new Patient { Id = Asked, Active = true }
        : new Patient
        {
            Id = Asked,
            Identifier = patient.Identifier,
            Name = patient.Name,
            BirthDateElement = patient.BirthDateElement,
            MultipleBirth = patient.MultipleBirth,
            // One whom only the insured person's number tells.
            Active = patient.Identifier.Count + patient.Name.Count == 0 && patient.BirthDateElement is null ? true : null,
        };

    private static CodeableConcept Category(string right, string display) => new() { Coding = [new Coding(EligibilityNames.Right, right, display)] };

    private static ResourceReference Regime(string id, string name) => new() { Identifier = new Identifier(EligibilityNames.Regime, id), Display = name };

    private static List<Identifier> Numbers(string? nir, string? key) => nir is null ? [] : [new Identifier(null, nir + key) { Type = new CodeableConcept { Text = "NIR connu du régime" } }];

    private static List<HumanName> Names(string family, string given, string? inUse)
    {
        List<HumanName> names = [new HumanName { Use = HumanName.NameUse.Official, Family = family, Given = [given] }];
        if (inUse is not null)
            names.Add(new HumanName { Use = HumanName.NameUse.Usual, Family = inUse, Given = [given] });
        return names;
    }

    private static void SetBirthDate(Patient person, string birthDate)
    {
        if (BirthDate.Parse(birthDate).TryGet(out var read, out _) && read.IsLunar)
            person.Extension.Add(new Extension(EligibilityNames.BirthDate, new FhirString(birthDate)));
        else
            person.BirthDate = birthDate;
    }

    private static Period? Dated(Conclusion conclusion) => Period(conclusion.Start, conclusion.End);

    private static Period? Period(DateOnly? start, DateOnly? end) => start is null && end is null
        ? null
        : new Period { Start = start is { } from ? Iso(from) : null, End = end is { } to ? Iso(to) : null };

    private static ResponsePurpose? Purpose(RequestPurpose? purpose) => purpose switch
    {
        RequestPurpose.Benefits => ResponsePurpose.Benefits,
        RequestPurpose.Discovery => ResponsePurpose.Discovery,
        _ => ResponsePurpose.Validation,
    };

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string WireName<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
