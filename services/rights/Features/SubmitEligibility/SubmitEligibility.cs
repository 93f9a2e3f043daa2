using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>The same question and the same answer in FHIR R4: <c>POST /fhir/CoverageEligibilityRequest/$submit</c>.</summary>
internal static class SubmitEligibility
{
    private static readonly Dictionary<string, string> NoElements = [];

    public static void MapSubmitEligibility(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/fhir/CoverageEligibilityRequest/$submit", SubmitAsync)
            .RequireAuthorization(RightsPolicies.Ask)
            .WithName("SubmitEligibility")
            .WithSummary("La même question en FHIR R4 : CoverageEligibilityRequest/$submit.");
        routes.MapGet("/fhir/CoverageEligibilityResponse/{id:guid}", ReadAsync)
            .RequireAuthorization(RightsPolicies.Read)
            .WithName("ReadEligibility")
            .WithSummary("Une réponse déjà donnée, en FHIR R4. La lecture est journalisée.");
        routes.MapGet("/fhir/metadata", (HttpContext http) => FhirBody.WriteAsync(http, StatusCodes.Status200OK, Capability.Statement))
            .AllowAnonymous()
            .WithName("FhirCapability")
            .WithSummary("Ce que ce service sait de FHIR R4 : CapabilityStatement.");
    }

    private static async System.Threading.Tasks.Task SubmitAsync(
        HttpContext http, EligibilityRequestReading requests, QuestionReading reading, Consultations consultations, SessionGate gate, FishingGuard fishing)
    {
        if (Caller.From(http.User) is not { } caller)
        {
            await RefuseAsync(http, Problems.Problem(StatusCodes.Status403Forbidden, "no-establishment", "Votre session n'est rattachée à aucun établissement."), NoElements);
            return;
        }

        var session = new CallerSession(gate, caller);
        var (asked, malformed) = await AskedAsync(http, requests, caller);
        ProblemHttpResult? invalid = null;
        if (asked is null || reading.Read(asked.Request, caller, out invalid) is not { } question)
        {
            malformed ??= new Malformed(invalid!.StatusCode, FhirBody.Outcome(invalid, asked!.Elements));
            if (AskRights.AskRights.Refusal(await session.State) is { } refusal)
                await RefuseAsync(http, refusal, NoElements);
            else
                await FhirBody.WriteAsync(http, malformed.Status, malformed.Outcome);
            return;
        }

        Held? held = null;
        if (invalid is null)
            (question, held) = await fishing.AdmitAsync(question, CancellationToken.None);
        var refused = invalid ?? held?.Problem;
        var run = refused is null ? consultations.Start(question, session) : await consultations.AgainAsync(question, session);
        if (refused is not null && run is null)
        {
            held?.Mark(http.Response);
            await RefuseAsync(http, AskRights.AskRights.Refusal(await session.State) ?? refused, asked.Elements);
            return;
        }

        if (run is null)
        {
            await RefuseAsync(http, AskRights.AskRights.OtherQuestion(), asked.Elements);
            return;
        }

        (var end, refused) = await AskRights.AskRights.EndAsync(run, session, CancellationToken.None);
        if (refused is not null)
            await RefuseAsync(http, refused, asked.Elements);
        else
            await FhirBody.WriteAsync(http, StatusCodes.Status200OK, EligibilityResponseWriting.Of(Answer(((RunEnd.Answered)end).Body), asked));
    }

    private static async System.Threading.Tasks.Task ReadAsync(Guid id, HttpContext http, AnsweredConsultations answered)
    {
        try
        {
            if (Caller.From(http.User) is { } reader && await answered.ReadAsync(id, reader) is { } body)
                await FhirBody.WriteAsync(http, StatusCodes.Status200OK, EligibilityResponseWriting.Of(Answer(body), null));
            else
                await RefuseAsync(http, Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'existe pas dans votre établissement."), NoElements);
        }
        catch (Exception e) when (AnswerNotOpened.Is(e))
        {
            await RefuseAsync(http, AnswerNotOpened.Problem(http, id, e), NoElements);
        }
        catch (JournalUnavailableException)
        {
            await RefuseAsync(http, JournalOutage.Problem(), NoElements);
        }
    }

    private static ConsultationAnswer Answer(byte[] body) => JsonSerializer.Deserialize(body, RightsJson.Default.ConsultationAnswer)!;

    private static ValueTask RefuseAsync(HttpContext http, ProblemHttpResult problem, IReadOnlyDictionary<string, string> elements) =>
        FhirBody.WriteAsync(http, problem.StatusCode, FhirBody.Outcome(problem, elements));

    private static async Task<(EligibilityQuestion? Asked, Malformed? Problem)> AskedAsync(HttpContext http, EligibilityRequestReading requests, Caller caller)
    {
        if (!IsFhir(http.Request.ContentType))
            return (null, new Malformed(StatusCodes.Status415UnsupportedMediaType, FhirBody.Outcome(OperationOutcome.IssueType.NotSupported, null, "content-type-unsupported", "Le type de contenu n'est pas accepté.", "Envoyez application/fhir+json.")));
        try
        {
            var (sent, problem) = await ParseAsync(http.Request.BodyReader);
            return sent is not null && requests.Read(sent, caller, out problem) is { } asked ? (asked, null) : (null, new Malformed(StatusCodes.Status400BadRequest, problem!));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, new Malformed(StatusCodes.Status413PayloadTooLarge, FhirBody.Outcome(OperationOutcome.IssueType.TooLong, null, "request-too-large", "La demande est trop volumineuse.", "Une demande tient en 64 Kio.")));
        }
    }

    private static async Task<(Resource? Resource, OperationOutcome? Problem)> ParseAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.IsCompleted)
            {
                try
                {
                    return FhirBody.Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool IsFhir(string? contentType) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType is FhirBody.ContentType or "application/json";

    private sealed record Malformed(int Status, OperationOutcome Outcome);
}
