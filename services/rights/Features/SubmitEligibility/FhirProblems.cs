using Microsoft.Extensions.Options;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>
/// What is refused before a use case sees it (no token, no such address, another method, the store's outage that nobody caught): under FHIR's address
/// it is an <c>OperationOutcome</c> too. A client that is made of the specification reads nothing else.
/// </summary>
internal sealed class FhirProblems(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    private static readonly PathString Door = "/fhir";

    private static readonly Dictionary<string, string> NoElements = [];

    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments(Door);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.ProblemDetails.Status ??= context.HttpContext.Response.StatusCode;
        // Gives it our code and words.
        options.Value.CustomizeProblemDetails?.Invoke(context);
        return FhirBody.WriteAsync(context.HttpContext, status, FhirBody.Outcome(context.ProblemDetails, status, NoElements));
    }
}
