using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>FHIR R4: <c>docs/regime-protocols.md</c>, <c>fhir</c>.</summary>
internal sealed class FhirRegime(
    RegimeRow regime, RegimeRegistry registry, IHttpClientFactory clients, TimeProvider clock, ILogger<FhirRegime> logger)
    : RegimeConnector(regime, logger)
{
    private static readonly FhirJsonSerializer Serializer = new();

    private readonly FhirFile files = new(new WireCodes(regime.Dialect.Codes), regime.Dialect.OpenEnd);

    protected override async Task<HttpResponseMessage> SendAsync(RegimeQuestion question, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(RegimeHttpClients.NameOf(Regime.Id));
        var body = Serializer.SerializeToBytes(FhirQuestion.Of(question, Regime, clock.GetUtcNow()));
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/fhir+json") } };
        using var request = RegimeHeaders.Post("CoverageEligibilityRequest/$submit", question, content);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    protected override bool Accepts(MediaTypeHeaderValue contentType) =>
        Is(contentType, "utf-8", "application/fhir+json", "application/json");

    protected override RegimeAnswer Read(HttpStatusCode status, byte[] body) => (status, Parse(body)) switch
    {
        (HttpStatusCode.OK, CoverageEligibilityResponse response) => Answer(response),
        (not HttpStatusCode.OK, OperationOutcome outcome) => Outcome(status, outcome),
        _ => throw new UnreadableAnswerException("resourceType"),
    };

    // This mode reports what does not fit the model, and forgives a regime the elements that FHIR asks for and nobody reads.
    private static Resource Parse(byte[] body)
    {
        FhirMembers.Check(body);
        var reader = new Utf8JsonReader(body);
        return FhirJsonDeserializer.NOOVERFLOW.TryDeserializeResource(ref reader, out var resource, out _) && !reader.Read()
            ? resource!
            : throw new UnreadableAnswerException("corps");
    }

    private RegimeAnswer Answer(CoverageEligibilityResponse response)
    {
        var extensions = new FhirExtensions(response.Extension, FhirNames.MovedTo, FhirNames.MovedSince);
        if (response is not { Outcome: ClaimProcessingCodes.Complete, Status: null or FinancialResourceStatusCodes.Active })
            throw new UnreadableAnswerException("outcome");

        var status = WireStatuses.French(response.Disposition);
        if (status != WireStatus.Moved && response.Extension.Count > 0)
            throw new UnreadableAnswerException("mutation");
        switch (status)
        {
            case WireStatus.Found when response.Patient?.Reference == "#beneficiary":
                return new RegimeAnswer.Found(files.Read(response));
            case WireStatus.Unknown when Regime.Dialect.Unknown == UnknownStyle.Disposition && SaysNothingElse(response):
                return new RegimeAnswer.Unknown();
            case WireStatus.Candidates when response.Insurance.Count == 0:
                return AnswerReading.Candidates([.. response.Contained.Select(Candidate)]);
            case WireStatus.BeneficiaryUnknown when SaysNothingElse(response):
                return new RegimeAnswer.BeneficiaryUnknown();
            case WireStatus.Moved when SaysNothingElse(response) || response.Contained.Exists(one => one is Coverage):
                return new RegimeAnswer.Moved(
                    AnswerReading.OtherRegime(
                        extensions.Text(FhirNames.MovedTo) ?? throw new UnreadableAnswerException("versRegime"), Regime.Id, registry),
                    extensions.Day(FhirNames.MovedSince) is { } day ? new WireDates(DatePattern.Iso).Day(day, "depuis") : null,
                    response.Contained.Exists(one => one is Coverage) ? files.Read(response) : null);
            default:
                throw new UnreadableAnswerException("disposition");
        }
    }

    private static RegimeCandidate Candidate(Resource resource) =>
        resource is Patient patient ? FhirPeople.Candidate(patient) : throw new UnreadableAnswerException("candidats");

    // "Unknown" beside somebody's file contradicts itself.
    private static bool SaysNothingElse(CoverageEligibilityResponse response) =>
        response.Insurance.Count == 0 && response.Contained.Count == 0;

    private RegimeAnswer Outcome(HttpStatusCode http, OperationOutcome outcome)
    {
        if (outcome.Issue is not [{ Details: { Coding: [{ Code: { } status }, ..] coding } details } issue])
            throw new UnreadableAnswerException("issue");

        return WireStatuses.French(status) switch
        {
            WireStatus.Unknown when Regime.Dialect.Unknown == UnknownStyle.OperationOutcome
                && http == HttpStatusCode.NotFound && issue.Code == OperationOutcome.IssueType.NotFound => new RegimeAnswer.Unknown(),
            WireStatus.Closed => new RegimeAnswer.Unavailable(UnavailableReason.Closed),
            WireStatus.Error when coding is [_, { Code: { } code }] => new RegimeAnswer.Unavailable(
                UnavailableReason.Refused, WireValues.Refusal(code, details.Text ?? "")),
            _ => throw new UnreadableAnswerException("disposition"),
        };
    }
}
